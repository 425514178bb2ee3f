import type { Metadata } from '../../../library/contents/metadata.ts'
import { makeMetadata } from '../make-metadata.ts'
import { readPageTags } from '../pages/page-tags.ts'
import { hashtags, readCaption, titleFromCaption } from './instagram-caption.ts'

/** Reads a post's page by its tags. It may also be a login wall, or the page of a post that is gone. */
export function readPostPage(html: string): Metadata | 'gone' | 'login' {
  const tags = readPageTags(html)
  if (/^page not found/i.test(tags.title ?? '')) return 'gone'
  const post = readCaption(tags.first('og:title', 'twitter:title') ?? '', tags.first('og:description') ?? '')
  if (!post.caption && !post.author) return 'login'

  return makeMetadata({
    title: titleFromCaption(post.caption ?? '') ?? `Post by ${post.author}`,
    caption: post.caption,
    author: post.author,
    tags: hashtags(post.caption ?? ''),
    thumbnail_url: tags.first('og:image', 'twitter:image'),
    duration_seconds: Number(tags.first('og:video:duration', 'video:duration') ?? 0),
    published_at: post.published_at,
    metadata_source: 'instagram_page',
  })
}
