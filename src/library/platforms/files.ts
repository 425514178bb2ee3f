// What is no page has no tags: a document or picture is known by its name.
import { makeMetadata } from './make-metadata.ts'
import type { Metadata } from './platform.ts'

const FILE =
  /\.(pdf|epub|docx?|xlsx?|pptx?|od[tsp]|zip|gz|mp[34]|m4[av]|webm|mov|jpe?g|png|gif|webp|avif|svg|txt|md|csv)$/i

/** Whether an address ends like a file's that is no page. */
export const looksLikeFile = (url: string): boolean => FILE.test(new URL(url).pathname)

/** A file is titled by its name; a picture is its own thumbnail; plain text is its own text. */
export function fileMetadata(url: string, contentType: string, text = ''): Metadata {
  const type = contentType.toLowerCase()
  return {
    ...makeMetadata({
      title: nameOf(url),
      transcript: type.startsWith('text/') ? text : null,
      thumbnail_url: type.startsWith('image/') ? url : null,
      metadata_source: 'web_page',
    }),
    metadata_quality: 'minimal',
  }
}

function nameOf(url: string): string {
  const { hostname, pathname } = new URL(url)
  const last = pathname.split('/').filter(Boolean).at(-1)
  if (last === undefined) return hostname
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
