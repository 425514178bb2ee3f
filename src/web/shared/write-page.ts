// The page of a shared category, for whoever has its link: no script, and nothing from elsewhere.
import { escapeHtml } from '../../ground/escape-html.ts'
import type { SharedBookmark, SharedCategory, SharedPart } from '../../library/collections/sharing/schema.ts'

/** Its own style sheet stands with those of the library. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const STYLES = ['base', 'page', 'cards', 'shared']

const MARKS: Record<string, string> = {
  Travel: '✈',
  'Food & Drink': '☕',
  Learning: '✎',
  Career: '◆',
  Fitness: '△',
  Entertainment: '♪',
  Shopping: '◈',
  Tech: '⌘',
}
const PLATFORMS: Record<string, string> = { youtube: 'YouTube', instagram: 'Instagram' }
const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })

export interface PageOf {
  /** Where the shared category is. */
  path: string
  /** Which page of it, from 1. */
  number: number
}

/** @param part what is shown, a page of it */
export function writePage(part: SharedPart, { path, number }: PageOf): string {
  const { category, bookmarks, subcategories, total, skip, limit } = part
  const isRoot = category.parent_id === null
  const here = isRoot ? path : pathTo(path, category)
  const main = `${isRoot ? '' : `<p class="way"><a href="${path}">All of this collection</a></p>`}
<h1 dir="auto">${escapeHtml(category.name)}</h1>
${category.description ? `<p class="words" dir="auto">${escapeHtml(category.description)}</p>` : ''}
<p class="facts">${countOf(total)} · <a href="${path}/feed.atom">Follow its feed</a></p>
${bookmarks.length > 0 ? cards(bookmarks) : ''}
${pages(here, number, skip + limit < total)}
${subcategories.map(each => section(path, each)).join('\n')}
${total === 0 && subcategories.length === 0 ? '<p class="words">There is nothing in it yet.</p>' : ''}`
  const feed = `<link rel="alternate" type="application/atom+xml" title="${escapeHtml(category.name)}" href="${path}/feed.atom">`
  return html(category.name, main, feed)
}

/** What stands where nothing is shared. */
export const writeNothing = (): string =>
  html(
    'Nothing is shared here',
    `<h1>Nothing is shared here</h1>
<p class="words">The link is not complete, or whoever sent it does not share this any more.</p>`,
  )

const html = (title: string, main: string, more = '') => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} · Trove</title>
<link rel="icon" href="data:,">
${STYLES.map(name => `<link rel="stylesheet" href="/library/${name}.css">`).join('\n')}
${more}
</head>
<body>
<header class="top"><p class="brand"><span class="mark" aria-hidden="true"></span>Trove</p></header>
<main class="shared">
${main}
</main>
</body>
</html>
`

const countOf = (count: number) => `${count} ${count === 1 ? 'item' : 'items'}`

const pathTo = (path: string, { id }: SharedCategory) => `${path}?category=${id}`

function pages(here: string, number: number, hasMore: boolean): string {
  const to = (page: number) => `${here}${here.includes('?') ? '&amp;' : '?'}page=${page}`
  const links = [
    number > 1 ? `<a rel="prev" href="${to(number - 1)}">Back</a>` : '',
    hasMore ? `<a rel="next" href="${to(number + 1)}">More</a>` : '',
  ].filter(Boolean)
  return links.length > 0 ? `<nav class="pages" aria-label="Pages">${links.join(' ')}</nav>` : ''
}

const section = (path: string, category: SharedPart['subcategories'][number]) => `<section>
<h2><a href="${pathTo(path, category)}"><bdi>${escapeHtml(category.name)}</bdi></a><span class="count">${category.bookmark_count}</span></h2>
${category.description ? `<p class="words" dir="auto">${escapeHtml(category.description)}</p>` : ''}
${category.bookmarks.length > 0 ? cards(category.bookmarks) : ''}
</section>`

const cards = (bookmarks: SharedBookmark[]) => `<ul class="cards">\n${bookmarks.map(card).join('\n')}\n</ul>`

function card(bookmark: SharedBookmark): string {
  const { url, author, added_at } = bookmark
  const title = escapeHtml(titleOf(bookmark))
  const facts = [author && `<bdi>${escapeHtml(author)}</bdi>`, escapeHtml(sourceOf(bookmark))].filter(Boolean)
  const name = isLink(url)
    ? `<a class="title" dir="auto" href="${escapeHtml(url)}" rel="noopener noreferrer nofollow">${title}</a>`
    : `<span class="title" dir="auto">${title}</span>`
  return `<li class="card">${tile(bookmark)}<div class="about"><h3>${name}</h3>
<p class="facts">${facts.join(' · ')}</p><p class="facts"><time datetime="${added_at}">${DAY.format(new Date(added_at))}</time></p></div></li>`
}

/** A picture over a tile of its category's colour, which is seen where there is none. */
function tile({ category_high, duration_seconds, thumbnail_path }: SharedBookmark): string {
  const category = category_high ?? 'Misc'
  const image = thumbnail_path
    ? `<img src="${escapeHtml(thumbnail_path)}?width=320" srcset="${escapeHtml(thumbnail_path)}?width=640 2x" alt="" loading="lazy" decoding="async">`
    : ''
  const length = duration_seconds ? `<span class="length">${clock(duration_seconds)}</span>` : ''
  return `<span class="thumb" data-category="${escapeHtml(category)}"><span class="glyph" aria-hidden="true">${MARKS[category] ?? '❖'}</span>${image}${length}</span>`
}

/** What a stranger wrote is a link only by http. */
export const isLink = (url: string | null): url is string => url !== null && /^https?:\/\//.test(url)

export const titleOf = ({ title, url }: SharedBookmark): string =>
  title || url?.replace('https://', '') || 'Untitled'

const sourceOf = ({ source_platform, url, content_type }: SharedBookmark): string =>
  PLATFORMS[source_platform ?? ''] ?? URL.parse(url ?? '')?.hostname.replace(/^www\./, '') ?? content_type

function clock(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds % 60),
  ]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
