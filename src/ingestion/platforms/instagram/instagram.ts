// Instagram: oEmbed when there is a token; else, or when it has no caption, the tags of the post's page.
import type { FetchedPage } from '../../../ground/fetch/fetch.ts'
import type { Metadata } from '../../../library/contents/metadata.ts'
import { Fallbacks, reasonOf } from '../fallbacks.ts'
import { fetchEach, unanswered } from '../fetch-each.ts'
import { makeMetadata } from '../make-metadata.ts'
import { readOembed } from '../pages/oembed.ts'
import type { PageReader } from '../pages/page-reader.ts'
import { type Fetched, type ItemId, type Platform, type PlatformContext, validatorsOf } from '../platform.ts'
import { hashtags, titleFromCaption } from './instagram-caption.ts'

const GONE = { problem: 'The post does not exist or is private.', permanent: true }
const LOGIN = {
  problem: 'Instagram asked for a login instead of showing the post.',
  permanent: false,
  refused: true,
}

export const instagram: Platform = {
  name: 'instagram',

  async fetchMetadata(ids, context) {
    const fallbacks = new Fallbacks()
    const results = await fetchEach(ids, id => fetchPost(id, context, fallbacks))
    fallbacks.report(context.log)
    return results
  },
}

async function fetchPost(id: ItemId, context: PlatformContext, fallbacks: Fallbacks): Promise<Fetched> {
  const path = `${new URL(id.url).pathname}/`
  if (context.config.INSTAGRAM_ACCESS_TOKEN) {
    const embedded = await askOembed(path, context)
    if (typeof embedded !== 'string') return { metadata: embedded }
    fallbacks.add('instagram_oembed', 'instagram_page', embedded)
  }
  const address = context.config.INSTAGRAM_URL + path
  const page = await context.fetch(address, id.validators && { validators: id.validators })
  return readPost(page, context.reader, id.asker)
}

/**
 * https://developers.facebook.com/docs/instagram-platform/oembed; newer versions of it leave out the caption.
 * @returns why, in a word or two, when it said nothing
 */
async function askOembed(path: string, { config, fetch }: PlatformContext): Promise<Metadata | string> {
  const query = new URLSearchParams({
    url: `https://www.instagram.com${path}`,
    access_token: config.INSTAGRAM_ACCESS_TOKEN ?? '',
  })
  const address = `${config.INSTAGRAM_OEMBED_URL}?${query}`
  const page = await fetch(address, { accept: 'application/json' }).catch(unanswered)
  if (page instanceof Error || page.status !== 200) return reasonOf(page)
  const read = readOembed(page.text)
  if (!read) return reasonOf(page)
  if (read.title.trim() === '') return 'no caption'
  const { title: caption, author_name, thumbnail_url } = read
  return makeMetadata({
    title: titleFromCaption(caption),
    caption,
    author: author_name,
    tags: hashtags(caption),
    thumbnail_url,
    metadata_source: 'instagram_oembed',
  })
}

/** A login wall, which says 200, is told from a post; so is the page of a post that is gone. */
async function readPost(page: FetchedPage, reader: PageReader, asker: string | undefined): Promise<Fetched> {
  if (page.status === 304) return { unchanged: true }
  if (page.status === 404 || page.status === 410) return GONE
  if (new URL(page.url).pathname.startsWith('/accounts/login')) return LOGIN
  if (page.status !== 200) {
    return { problem: `Instagram answered with status ${page.status}.`, permanent: false }
  }
  const read = await reader.open(page.text, asker, read => read('instagram_page'))
  if (read === 'gone') return GONE
  return read === 'login' ? LOGIN : { metadata: read, validators: validatorsOf(page) }
}
