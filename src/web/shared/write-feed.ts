// The feed of a shared category (Atom, RFC 4287). Ids are those of rows, so that a new link makes nothing new in it.
import { generateAtomFeed } from 'feedsmith'
import type { SharedBookmark, SharedPart } from '../../library/collections/sharing/schema.ts'
import { isLink, titleOf } from './write-page.ts'

/** What XML 1.0 has no place for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

const plain = (text: string) => ({ value: text.replace(UNWRITABLE, '') || '–', type: 'text' })

/** @param page the address of the page; its feed is under it */
export function writeFeed({ category, bookmarks }: SharedPart, page: string): string {
  const times = [category.updated_at, ...bookmarks.map(({ added_at }) => added_at)]
  return generateAtomFeed(
    {
      id: `urn:uuid:${category.id}`,
      title: plain(category.name),
      ...(category.description ? { subtitle: plain(category.description) } : {}),
      updated: new Date(times.sort().at(-1)!),
      authors: [{ name: 'Trove' }],
      links: [
        { href: `${page}/feed.atom`, rel: 'self', type: 'application/atom+xml' },
        { href: page, rel: 'alternate', type: 'text/html' },
      ],
      entries: bookmarks.map(bookmark => entry(bookmark, page)),
    },
    { strict: true },
  )
}

function entry(bookmark: SharedBookmark, page: string) {
  const { id, url, author, category_high, added_at } = bookmark
  const name = author?.replace(UNWRITABLE, '').trim()
  return {
    id: `urn:uuid:${id}`,
    title: plain(titleOf(bookmark)),
    updated: new Date(added_at),
    published: new Date(added_at),
    links: [{ href: isLink(url) ? url : page, rel: 'alternate' }],
    ...(name ? { authors: [{ name }] } : {}),
    ...(category_high ? { categories: [{ term: category_high }] } : {}),
  }
}
