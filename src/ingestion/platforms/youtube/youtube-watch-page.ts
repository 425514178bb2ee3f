import type { Found } from '../make-metadata.ts'
import { type PageTags, readPageTags } from '../pages/page-tags.ts'
import { firstInstant } from '../pages/parse-instant.ts'
import { largestImage } from '../web/best-image.ts'
import { linkedNames, linkedText } from '../web/linked-data.ts'
import { type Wall, wallOf } from '../web/walls.ts'
import { isoDurationSeconds } from './iso-duration.ts'
import { type Player, readPlayer } from './youtube-player.ts'

// What YouTube writes into the tags of a video that has none of its own.
const NO_TITLE = /^[\s-]*YouTube$/
const NO_DESCRIPTION = /^Enjoy the videos and music you love, upload original content/
const NO_KEYWORDS = /^video, sharing, camera phone, video phone, free, upload$/

const LONGEST_KEYWORDS = 10_000

export interface WatchPage {
  wall: Wall | undefined
  found: Found
  player: Player | undefined
}

/**
 * What a watch page says in its tags and to its own player. A video that is gone has a page, too, but no title in its
 * tags. `url` is the address that answered, `asked` the one that was asked for.
 */
export function readWatchPage(html: string, page: { url: string; asked: string }): WatchPage {
  const tags = readPageTags(html)
  const player = readPlayer(html)
  return { wall: wallOf({ url: page.url, tags }, page.asked), found: foundOnPage(tags, player), player }
}

function foundOnPage(tags: PageTags, player: Player | undefined): Found {
  const [linked = {}] = tags.linkedData('VideoObject')
  const text = (name: string) => linkedText(linked[name])
  const descriptions = [player?.description, text('description'), tags.first('og:description', 'description')]
  const own = tags.all('og:video:tag')
  const keywords = tags.first('keywords')?.slice(0, LONGEST_KEYWORDS) ?? ''
  const told = player?.keywords ?? []
  const words = told.length > 0 || NO_KEYWORDS.test(keywords) ? told : keywords.split(',')
  return {
    title: [tags.first('og:title', 'title'), text('name')].find(found => found && !NO_TITLE.test(found)),
    // The tags cut long descriptions short; the player and JSON-LD, where they are there, do not.
    description: descriptions.find(found => found?.trim() && !NO_DESCRIPTION.test(found)),
    author: linkedNames(linked.author)[0] ?? tags.first('link:name') ?? player?.author,
    tags: own.length > 0 ? own : words,
    thumbnail_url: largestImage(player?.thumbnails ?? [])?.url ?? tags.first('og:image', 'twitter:image'),
    duration_seconds: isoDurationSeconds(tags.first('duration') ?? text('duration') ?? '') || player?.length,
    language: text('inLanguage') ?? player?.language,
    published_at: firstInstant([
      ...['datepublished', 'uploaddate'].flatMap(tags.all),
      text('uploadDate'),
      player?.published,
    ]),
    metadata_source: 'youtube_page',
  }
}
