// What is said in a video, from the captions that its page offers.
import { Parser } from 'htmlparser2'
import * as v from 'valibot'
import { unanswered } from './fetch-each.ts'
import type { PlatformContext } from './platform.ts'
import type { CaptionTrack, Player } from './youtube-player.ts'

const json3Schema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    events: v.array(
      v.object({ segs: v.optional(v.array(v.object({ utf8: v.optional(v.string(), '') })), []) }),
    ),
  }),
)
/** Of srv3 and of the older form. */
const LINES = new Set(['p', 'text'])

/**
 * The text of the best track, or null. Captions are a gift: whatever goes wrong with them is no problem of the video.
 * A page could name any address, so only YouTube's own hosts are asked.
 */
export async function fetchCaptions(
  player: Player | undefined,
  language: string | null | undefined,
  { config, fetch }: PlatformContext,
): Promise<string | null> {
  const track = bestTrack(player?.tracks ?? [], language ?? 'en')
  const url = track && URL.parse(track.baseUrl, config.YOUTUBE_URL)
  if (!url || !isYoutube(url, config.YOUTUBE_URL)) return null
  url.searchParams.set('fmt', 'json3')
  const answer = await fetch(url.href, { accept: 'application/json, text/xml' }).catch(unanswered)
  return answer instanceof Error || answer.status !== 200 ? null : readCaptions(answer.text)
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

/** Reads json3, srv3 or the older XML. Null when it is none of them, or has no words. */
export function readCaptions(answer: string): string | null {
  const lines = answer.trimStart().startsWith('{') ? linesOfJson(answer) : linesOfXml(answer)
  const text = lines.map(line => line.replace(/\s+/g, ' ').trim()).filter(Boolean)
  return text.length > 0 ? text.join('\n') : null
}

function linesOfJson(answer: string): string[] {
  const read = v.safeParse(json3Schema, answer)
  return read.success ? read.output.events.map(({ segs }) => segs.map(({ utf8 }) => utf8).join('')) : []
}

function linesOfXml(answer: string): string[] {
  const lines: string[] = []
  let line: string | undefined
  const parser = new Parser(
    {
      onopentag(tag) {
        if (LINES.has(tag)) line = ''
      },
      ontext(piece) {
        if (line !== undefined) line += piece
      },
      onclosetag(tag) {
        if (!LINES.has(tag) || line === undefined) return
        lines.push(line)
        line = undefined
      },
    },
    { xmlMode: true },
  )
  parser.end(answer)
  return lines
}

function isYoutube({ host, hostname, protocol }: URL, configured: string): boolean {
  if (host === new URL(configured).host) return true
  return protocol === 'https:' && (hostname === 'youtube.com' || hostname.endsWith('.youtube.com'))
}
