// What is no page has no tags: a document or picture is known by its name, and not read.
import type { FetchedPage } from '../../../ground/fetch/fetch.ts'
import type { Metadata } from '../../../library/contents/metadata.ts'
import { makeMetadata } from '../make-metadata.ts'

/** `Content-Disposition` has two forms of a file's name, the second for all letters (RFC 6266, 4.3). */
const NAME = /(?:^|[;\s])filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"][^;"]*))/i
const FULL_NAME = /(?:^|[;\s])filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^\s;]+)/i
/** Characters of a header that are looked at. */
const LOOKED_AT = 2_000

/** What an answer says it is; a page, where it says nothing. */
export const typeOf = (headers: Headers): string => (headers.get('content-type') ?? 'text/html').toLowerCase()

/** A file is titled by its name; a picture is its own thumbnail; plain text is its own text. */
export function fileMetadata({
  url,
  headers,
  text,
}: Pick<FetchedPage, 'url' | 'headers' | 'text'>): Metadata {
  const type = typeOf(headers)
  return {
    ...makeMetadata({
      title: givenName(headers) ?? nameOf(url),
      transcript: type.startsWith('text/') ? text : null,
      thumbnail_url: type.startsWith('image/') ? url : null,
      metadata_source: 'web_page',
    }),
    metadata_quality: 'minimal',
  }
}

/** The name that the server gives to a download, without folders. */
function givenName(headers: Headers): string | undefined {
  const disposition = (headers.get('content-disposition') ?? '').slice(0, LOOKED_AT)
  const [, charset = '', escaped] = FULL_NAME.exec(disposition) ?? []
  const [, quoted, plain] = NAME.exec(disposition) ?? []
  const name =
    (escaped && unescaped(escaped, charset)) || asUtf8(quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '')
  return name.split(/[/\\]/).at(-1)?.trim() || undefined
}

function unescaped(name: string, charset: string): string {
  const bytes = name.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return charset.toLowerCase() === 'utf-8' ? asUtf8(bytes) : bytes
}

/** Header bytes arrive as Latin-1; many servers write names in UTF-8. */
function asUtf8(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
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
