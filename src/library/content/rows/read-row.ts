import type { Content } from '../schema.ts'

/** A row of `rowColumns`, as `nestRows` makes it. */
export type Nested<Shown extends Content = Content> = Omit<Shown, 'link'> & {
  kind: 'save' | 'work'
  link: NonNullable<Content['link']>
}

/** What a row shows. */
export function readRow<Shown extends Content>({ kind, link, ...row }: Nested<Shown>): Shown {
  return {
    ...row,
    content_source_type: row.source_type === 'auto' ? 'auto' : 'items',
    path_thumb: row.thumbnail_url,
    link: kind === 'save' ? link : null,
  } as never
}
