// Any public page that no other platform knows: Open Graph, JSON-LD, the plain tags, and the main text.

import { FetchError, type FetchedPage } from '../../../ground/fetch/fetch.ts'
import { isShortLink } from '../../../ground/fetch/follow.ts'
import { fetchEach } from '../fetch-each.ts'
import { makeMetadata } from '../make-metadata.ts'
import { type Read, UnreadablePage } from '../pages/page-reader.ts'
import { type Fetched, type ItemId, type Platform, type PlatformContext, validatorsOf } from '../platform.ts'
import { fileMetadata, typeOf } from './files.ts'
import { wallInHeaders, wallProblem } from './walls.ts'

/** Pages of as many sites, mostly: each site's own limits are the fetcher's. */
const AT_ONCE = 10
/** Pages that lead on, one to the other, without a redirect. */
const MOST_FORWARDS = 3
const HTML = /^(text\/html|application\/xhtml\+xml)\b/i
const TEXT = /^text\/|\b(html|xml|json)\b/i
const ACCEPT = 'text/html,application/xhtml+xml,*/*;q=0.5'

export const web: Platform = {
  name: 'web',

  fetchMetadata: (ids, context) => fetchEach(ids, id => fetchPage(id, context), AT_ONCE),
}

/** Reads a page, or the one that it leads on to: `been` are the addresses before this one. */
async function fetchPage(id: ItemId, context: PlatformContext, been: string[] = []): Promise<Fetched> {
  const { fetch, reader } = context
  const options = {
    accept: ACCEPT,
    asker: id.asker,
    // A page says what it is in its beginning, and a file in its headers.
    may_be_cut: true,
    wants: (headers: Headers) => TEXT.test(typeOf(headers)),
    ...(id.validators && { validators: id.validators }),
  }
  const page = await fetch(id.url, options).catch(forGood)
  if (page instanceof FetchError) return { problem: page.message, permanent: true }
  if (page.status === 304) return { unchanged: true }
  const problem = problemOf(page)
  if (problem) return problem

  const read = { validators: validatorsOf(page), address: addressOf(page, id.url) }
  if (!HTML.test(typeOf(page.headers))) return { metadata: fileMetadata(page), ...read }
  const asked = { url: page.url, asked: id.url }
  const found = await reader.open(page.text, id.asker, async read => {
    const said = await read('web_page', asked)
    return 'found' in said ? { ...said.found, transcript: await mainTextOf(read) } : said
  })
  if ('wall' in found) return wallProblem(found.wall, siteOf(page))
  if ('forward' in found) return await lead(found.forward, id, context, [...been, id.url, page.url])
  const metadata = makeMetadata(found)
  if (!metadata.title && !metadata.description && !metadata.transcript) {
    return { problem: 'The page has no title and no text.', permanent: true }
  }
  return { metadata, ...read }
}

/** Validators are of the page that led here: it may lead elsewhere another time, so it is read as a whole. */
async function lead(url: string, id: ItemId, context: PlatformContext, been: string[]): Promise<Fetched> {
  if (been.includes(url) || been.length > 2 * MOST_FORWARDS) {
    return { problem: 'The page leads on to others without end.', permanent: true }
  }
  const fetched = await fetchPage({ ...id, url, validators: undefined }, context, been)
  if (!('metadata' in fetched)) return fetched
  const { metadata, address = url } = fetched
  return { metadata, address: isShortLink(new URL(id.url), new URL(url)) ? address : undefined }
}

/** Where a page is, when the address that was asked is a name of it. A front page is no page of before that has moved. */
function addressOf({ url, is_name }: FetchedPage, asked: string): string | undefined {
  const isLost = new URL(url).pathname === '/' && new URL(asked).pathname !== '/'
  return is_name && url !== asked && !isLost ? url : undefined
}

/** A page whose main text is not found in time is known by its tags all the same. */
async function mainTextOf(read: Read): Promise<string | null> {
  try {
    return await read('main_text')
  } catch (error) {
    if (error instanceof UnreadablePage && error.permanent) return null
    throw error
  }
}

/** An address that may not be asked will not be allowed later. */
function forGood(error: unknown): FetchError {
  if (error instanceof FetchError && error.reason === 'refused') return error
  throw error
}

function problemOf(page: FetchedPage): Fetched | undefined {
  const site = siteOf(page)
  const wall = wallInHeaders(page.headers)
  if (wall) return wallProblem(wall, site)
  switch (page.status) {
    case 200:
      return undefined
    case 404:
    case 410:
      return { problem: 'The page does not exist.', permanent: true }
    case 401:
      return { ...wallProblem('login', site), permanent: true }
    case 403:
    case 429:
      return wallProblem('refusal', site)
    default:
      return { problem: `${site} answered with status ${page.status}.`, permanent: page.status < 500 }
  }
}

const siteOf = ({ url }: FetchedPage) => new URL(url).hostname
