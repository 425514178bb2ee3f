import type { Category } from '../../vocabulary.ts'
import type { Content } from '../contents/schema.ts'

/** What a user calls a save of theirs; null where they leave it to the content. */
export interface OwnWords {
  own_title: string | null
  own_category: Category | null
}

/** A content as the user sees it whose save has these: their own words win. */
export const withOwnWords = <Shown extends Pick<Content, 'title' | 'category_high'>>(
  content: Shown,
  { own_title, own_category }: OwnWords,
): Shown => ({
  ...content,
  title: own_title ?? content.title,
  category_high: own_category ?? content.category_high,
})
