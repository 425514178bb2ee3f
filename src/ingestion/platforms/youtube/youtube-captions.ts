// What is said in a video, from the captions that its page offers.
import { unanswered, unread } from '../fetch-each.ts'
import type { PlatformContext } from '../platform.ts'
import type { CaptionTrack, Player } from './youtube-player.ts'

/**
 * The text of the best track, or null. Captions are a gift: whatever goes wrong with them is no problem of the video.
 * A page could name any address, so only YouTube's own hosts are asked.
 */
export async function fetchCaptions(
  player: Pick<Player, 'tracks'> | undefined,
  language: string | null | undefined,
  { config, fetch, reader }: PlatformContext,
  asker?: string,
): Promise<string | null> {
  const track = bestTrack(player?.tracks ?? [], language ?? 'en')
  const url = track && URL.parse(track.baseUrl, config.YOUTUBE_URL)
  if (!url || !isYoutube(url, config.YOUTUBE_URL)) return null
  url.searchParams.set('fmt', 'json3')
  const answer = await fetch(url.href, { accept: 'application/json, text/xml' }).catch(unanswered)
  if (answer instanceof Error || answer.status !== 200) return null
  const text = await reader.open(answer.text, asker, read => read('youtube_captions')).catch(unread)
  return text instanceof Error ? null : text
}

/** The video's own language before English before others; in one language, what a person wrote before a machine's. */
export function bestTrack(tracks: CaptionTrack[], language: string): CaptionTrack | undefined {
  const base = (tag: string) => tag.toLowerCase().split('-')[0]
  const rank = ({ languageCode, kind }: CaptionTrack) => {
    const foreign = base(languageCode) === base(language) ? 0 : base(languageCode) === 'en' ? 1 : 2
    return foreign * 2 + (kind === 'asr' ? 1 : 0)
  }
  return tracks.toSorted((a, b) => rank(a) - rank(b))[0]
}

function isYoutube({ host, hostname, protocol }: URL, configured: string): boolean {
  if (host === new URL(configured).host) return true
  return protocol === 'https:' && (hostname === 'youtube.com' || hostname.endsWith('.youtube.com'))
}
