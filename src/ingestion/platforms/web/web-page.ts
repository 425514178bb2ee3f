// What a page says about itself, from the three places where pages say it, unless it is a wall in front of the page.

import type { Found } from '../make-metadata.ts'
import { type PageTags, readPageTags } from '../pages/page-tags.ts'
import { firstInstant } from '../pages/parse-instant.ts'
import { isoDurationSeconds } from '../youtube/iso-duration.ts'
import { bestImage, type PageImage } from './best-image.ts'
import { forwardOf } from './forwards.ts'
import { type Linked, linkedImages, linkedNames, linkedText, linkedWords } from './linked-data.ts'
import { type Wall, wallOf } from './walls.ts'

/** What a page is about, before what merely describes the page (https://schema.org/CreativeWork). */
const TYPES = [
  ...[
    'Recipe',
    'NewsArticle',
    'BlogPosting',
    'TechArticle',
    'ScholarlyArticle',
    'Article',
    'Report',
    'Review',
  ],
  ...['Product', 'VideoObject', 'HowTo', 'Event', 'Course', 'Book', 'Movie', 'TVSeries', 'PodcastEpisode'],
  ...['MusicRecording', 'SoftwareApplication', 'Restaurant', 'LodgingBusiness', 'TouristAttraction'],
  ...['LocalBusiness', 'Place', 'SocialMediaPosting', 'DiscussionForumPosting', 'QAPage', 'WebPage'],
]

/** Characters of a word, and words: somewhat more than are kept. */
const LONGEST_WORD = 1_000
const MOST_WORDS = 500
const LONGEST_KEYWORDS = 10_000

/** `url` is the address that answered, `asked` the one that was asked for. */
export function readWebPage(
  html: string,
  page: { url: string; asked: string },
): { wall: Wall } | { forward: string } | { found: Found } {
  const tags = readPageTags(html)
  const wall = wallOf({ url: page.url, tags }, page.asked)
  if (wall) return { wall }
  const forward = forwardOf(tags, page.url)
  return forward ? { forward } : { found: foundInTags(tags, page.url) }
}

/** Open Graph first, since it is written for this use; then JSON-LD; then the plain tags. Addresses become absolute. */
export function foundInTags(tags: PageTags, address: string): Found {
  const type = mainType(tags.types)
  const linked: Linked = type === undefined ? {} : tags.linkedData(type)[0]!
  const text = (...names: string[]) => names.map(name => linkedText(linked[name])).find(Boolean)
  const base = URL.parse(tags.base ?? '', address)?.href ?? address
  const image = bestImage(absolute([...tags.images, ...linkedImages(linked.image)], base))
  const [other] = absolute(
    [tags.first('twitter:image', 'twitter:image:src'), text('thumbnailUrl')].flatMap(url =>
      url ? [{ url }] : [],
    ),
    base,
  )
  return {
    title: tags.first('og:title') ?? text('headline', 'name') ?? tags.first('twitter:title') ?? tags.title,
    description:
      tags.first('og:description') ?? text('description') ?? tags.first('description', 'twitter:description'),
    author:
      authorOf(linked) ??
      tags.first('author', 'article:author:name', 'dc.creator') ??
      tags.first('og:site_name'),
    tags: wordsOf(linked, tags),
    thumbnail_url: image ?? other?.url ?? null,
    duration_seconds:
      isoDurationSeconds(text('duration', 'totalTime') ?? '') ??
      Number(tags.first('og:video:duration', 'video:duration') ?? 0),
    language:
      linkedNames(linked.inLanguage)[0] ?? tags.lang ?? tags.first('og:locale')?.replace('_', '-') ?? null,
    published_at: firstInstant([
      ...[linked.datePublished, linked.uploadDate].map(linkedText),
      ...['article:published_time', 'datepublished', 'date', 'dc.date'].flatMap(tags.all),
    ]),
    metadata_source: 'web_page',
  }
}

/** The first of ours that a page has, or a kind of it, such as `ReportageNewsArticle`. */
function mainType(types: string[]): string | undefined {
  return TYPES.map(known => types.find(type => type === known || type.endsWith(known))).find(Boolean)
}

function authorOf(linked: Linked): string | undefined {
  const names = [linked.author, linked.creator, linked.brand]
    .map(linkedNames)
    .find(({ length }) => length > 0)
  return names?.join(', ')
}

function wordsOf(linked: Linked, tags: PageTags): string[] {
  const own = [linked.keywords, linked.recipeCategory, linked.recipeCuisine, linked.genre].flatMap(
    linkedWords,
  )
  const tagged = [...tags.all('article:tag'), ...tags.all('og:video:tag')]
  const plain = (tags.first('keywords') ?? '').slice(0, LONGEST_KEYWORDS).split(',')
  const words = own.length + tagged.length > 0 ? [...own, ...tagged] : plain
  return words.slice(0, MOST_WORDS).map(word => word.trim().slice(0, LONGEST_WORD))
}

/** Those that may be shown, at their whole addresses. Drawings (SVG) are none: they may hold scripts. */
function absolute(images: PageImage[], base: string): PageImage[] {
  return images.flatMap(image => {
    const url = URL.parse(image.url, base)
    if (!url || !/^https?:$/.test(url.protocol)) return []
    const isDrawing = /svg/i.test(image.type ?? '') || /\.svgz?$/i.test(url.pathname)
    return isDrawing ? [] : [{ ...image, url: url.href }]
  })
}
