// Any public page that no other platform knows: Open Graph, JSON-LD, the plain tags, and the main text.
import { createHash } from 'node:crypto'
import { FetchError, type FetchedPage } from '../../http/fetch.ts'
import { fetchEach } from './fetch-each.ts'
import { fileMetadata, looksLikeFile } from './files.ts'
import { type MainText, openMainText } from './main-text.ts'
import { makeMetadata } from './make-metadata.ts'
import { readPageTags } from './page-tags.ts'
import { type Fetched, type ItemId, type Platform, type PlatformContext, validatorsOf } from './platform.ts'
import { wallOf, wallProblem } from './walls.ts'
import { canonicalAddress } from './web-address.ts'
import { foundInTags } from './web-page.ts'

/** Pages of as many sites, mostly: each site's own limits are the fetcher's. */
const AT_ONCE = 10
const ID_LENGTH = 32
const HTML = /^(text\/html|application\/xhtml\+xml)\b/i
const ACCEPT = 'text/html,application/xhtml+xml,*/*;q=0.5'

export const web: Platform = {
  name: 'web',

  recognise(url) {
    const canonical = canonicalAddress(url)
    // The same page at http and https is one content.
    const key = `https://${canonical.host}${canonical.pathname}${canonical.search}`
    const external_id = createHash('sha256').update(key).digest('hex').slice(0, ID_LENGTH)
    return { external_id, url: canonical.href, key }
  },

  async fetchMetadata(ids, context) {
    const mainText = openMainText()
    try {
      return await fetchEach(ids, id => fetchPage(id, context, mainText), AT_ONCE)
    } finally {
      await mainText.close()
    }
  },
}

async function fetchPage(id: ItemId, { fetch }: PlatformContext, mainText: MainText): Promise<Fetched> {
  const options = { accept: ACCEPT, ...(id.validators && { validators: id.validators }) }
  const page = await fetch(id.url, options).catch(forGood)
  if (page instanceof FetchError) {
    if (page.reason === 'too_large' && looksLikeFile(id.url)) return { metadata: fileMetadata(id.url, '') }
    return { problem: page.message, permanent: true }
  }
  if (page.status === 304) return { unchanged: true }
  const problem = problemOf(page)
  if (problem) return problem

  const type = page.headers.get('content-type') ?? 'text/html'
  const validators = validatorsOf(page)
  if (!HTML.test(type)) return { metadata: fileMetadata(page.url, type, page.text), validators }
  const tags = readPageTags(page.text)
  const wall = wallOf({ url: page.url, tags }, id.url)
  if (wall) return wallProblem(wall, siteOf(page))
  const found = foundInTags(tags, page.url)
  const metadata = makeMetadata({ ...found, transcript: await mainText.find(page.text) })
  if (!metadata.title && !metadata.description && !metadata.transcript) {
    return { problem: 'The page has no title and no text.', permanent: true }
  }
  return { metadata, validators }
}

/** An address that may not be asked will not be allowed later, nor will a page that is too large shrink. */
function forGood(error: unknown): FetchError {
  if (error instanceof FetchError && (error.reason === 'refused' || error.reason === 'too_large'))
    return error
  throw error
}

function problemOf(page: FetchedPage): Fetched | undefined {
  const site = siteOf(page)
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
