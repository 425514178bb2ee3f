// Pages that are not meant to be read, but to lead on without a 3xx: to what they say is what people saved.
import type { PageTags } from '../pages/page-tags.ts'

/** A page that shows more has something to say before it leads on. */
const MOST_OF_A_NOTICE = 500
/** Seconds. A page that changes later than that is read until then. */
const SOON = 10
/** `0; url=/there`, in all spellings that browsers take (HTML, 4.2.4.3). */
const REFRESH = /^\s*(\d{1,9})(?:\.\d*)?\s*(?:[;,]|\s)\s*(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|([^\s"'].*))/is
const NOTICE =
  /^(you are being |you're being )?redirect(ed|ing)?\b|^(object|document|page|site) (has )?moved\b|^(you are )?leaving\b|^weiterleitung/i
/** Where search engines and forums tell that one leaves them, the address stands in the query. */
const NOTICE_PATH = /\/(url|redirect|leave|out|away(\.php)?|l\.php|linkfilter)\/?$/i
const PARAMETERS = ['q', 'url', 'u', 'target', 'to']

/** Where `page` leads on to at once, as a whole address; undefined when it is to be read, or leads to itself. */
export function forwardOf(tags: PageTags, page: string): string | undefined {
  const base = URL.parse(tags.base ?? '', page)?.href ?? page
  const isNotice = tags.text_length <= MOST_OF_A_NOTICE
  const places = [
    ...tags.refreshes.map(refresh => refreshed(refresh, isNotice)),
    isNotice ? told(tags, page) : undefined,
  ]
  const url = places.filter(place => place !== undefined).map(place => URL.parse(place.trim(), base))[0]
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  url.hash = ''
  return url.href === new URL(page).href.split('#', 1)[0] ? undefined : url.href
}

function refreshed(
  { content, is_hidden }: PageTags['refreshes'][number],
  isNotice: boolean,
): string | undefined {
  const [, seconds, ...places] = REFRESH.exec(content) ?? []
  const isAtOnce = Number(seconds) === 0 && !is_hidden
  return isAtOnce || (isNotice && Number(seconds) <= SOON) ? places.find(Boolean) : undefined
}

function told(tags: PageTags, page: string): string | undefined {
  const { pathname, searchParams } = new URL(page)
  const named = PARAMETERS.map(name => searchParams.get(name)).find(value =>
    /^https?:\/\//i.test(value ?? ''),
  )
  if (named && NOTICE_PATH.test(pathname)) return named
  return NOTICE.test((tags.title ?? '').trim()) && tags.links.length === 1 ? tags.links[0] : undefined
}
