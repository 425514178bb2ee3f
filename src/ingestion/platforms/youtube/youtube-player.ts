// What a watch page tells its own player: the whole text, length and day, thumbnails of every size, and where the captions
// are.
import * as v from 'valibot'
import { jsonAfter } from '../pages/json-after.ts'

const text = v.optional(v.string())
/** What is of another shape is left out by itself. */
const lenient = v.fallback(v.optional(v.string()), undefined)
const playerSchema = v.object({
  videoDetails: v.optional(
    v.object({
      shortDescription: lenient,
      lengthSeconds: v.fallback(v.optional(v.union([v.string(), v.number()])), undefined),
      author: lenient,
      keywords: v.fallback(v.array(v.string()), []),
      thumbnail: v.optional(
        v.object({
          thumbnails: v.array(v.object({ url: v.string(), width: v.number(), height: v.number() })),
        }),
      ),
    }),
  ),
  microformat: v.fallback(
    v.optional(
      v.object({
        playerMicroformatRenderer: v.optional(v.object({ publishDate: lenient, uploadDate: lenient })),
      }),
    ),
    undefined,
  ),
  captions: v.optional(
    v.object({
      playerCaptionsTracklistRenderer: v.optional(
        v.object({
          captionTracks: v.optional(
            v.array(v.object({ baseUrl: v.string(), languageCode: v.optional(v.string(), ''), kind: text })),
          ),
        }),
      ),
    }),
  ),
})

export interface CaptionTrack {
  baseUrl: string
  languageCode: string
  /** `asr`: made by a machine that listened. */
  kind?: string | undefined
}

export interface Player {
  description: string | undefined
  author: string | undefined
  keywords: string[]
  /** Seconds; 0 of a live stream. */
  length: number
  published: string | undefined
  thumbnails: { url: string; width: number; height: number }[]
  tracks: CaptionTrack[]
  /** What is spoken, as the machine heard it. */
  language: string | undefined
}

const LONGEST_ADDRESS = 4_000
const LONGEST_WORD = 100
const LONGEST_TEXT = 20_000
const MOST = { thumbnails: 20, tracks: 500, keywords: 500 }

/** Undefined when the page has none, or one of another shape. */
export function readPlayer(html: string): Player | undefined {
  const found = jsonAfter(html, /ytInitialPlayerResponse\s*=\s*/)
  const read = v.safeParse(playerSchema, found, { abortEarly: true })
  if (!read.success) return undefined
  const { videoDetails, captions, microformat } = read.output
  const { publishDate, uploadDate } = microformat?.playerMicroformatRenderer ?? {}
  const short = (text: string | undefined) => text?.slice(0, LONGEST_TEXT)
  const tracks = (captions?.playerCaptionsTracklistRenderer?.captionTracks ?? []).filter(isShort)
  return {
    description: short(videoDetails?.shortDescription),
    author: short(videoDetails?.author),
    keywords: (videoDetails?.keywords ?? []).slice(0, MOST.keywords).map(word => word.slice(0, LONGEST_WORD)),
    length: Number(videoDetails?.lengthSeconds ?? 0),
    published: (publishDate ?? uploadDate)?.slice(0, LONGEST_WORD),
    thumbnails: (videoDetails?.thumbnail?.thumbnails ?? [])
      .filter(({ url }) => url.length <= LONGEST_ADDRESS)
      .slice(0, MOST.thumbnails),
    tracks: tracks.slice(0, MOST.tracks),
    language: tracks.find(({ kind }) => kind === 'asr')?.languageCode,
  }
}

const isShort = ({ baseUrl, languageCode, kind = '' }: CaptionTrack) =>
  baseUrl.length <= LONGEST_ADDRESS && languageCode.length <= LONGEST_WORD && kind.length <= LONGEST_WORD
