// What a watch page tells its own player: thumbnails of every size, and where the captions are.
import * as v from 'valibot'
import { jsonAfter } from './json-after.ts'

const text = v.optional(v.string())
const playerSchema = v.object({
  videoDetails: v.optional(
    v.object({
      thumbnail: v.optional(
        v.object({
          thumbnails: v.array(v.object({ url: v.string(), width: v.number(), height: v.number() })),
        }),
      ),
    }),
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
  thumbnails: { url: string; width: number; height: number }[]
  tracks: CaptionTrack[]
  /** What is spoken, as the machine heard it. */
  language: string | undefined
}

const LONGEST_ADDRESS = 4_000
const LONGEST_WORD = 100
const MOST = { thumbnails: 20, tracks: 500 }

/** Undefined when the page has none, or one of another shape. */
export function readPlayer(html: string): Player | undefined {
  const found = jsonAfter(html, /ytInitialPlayerResponse\s*=\s*/)
  const read = v.safeParse(playerSchema, found, { abortEarly: true })
  if (!read.success) return undefined
  const { videoDetails, captions } = read.output
  const tracks = (captions?.playerCaptionsTracklistRenderer?.captionTracks ?? []).filter(isShort)
  return {
    thumbnails: (videoDetails?.thumbnail?.thumbnails ?? [])
      .filter(({ url }) => url.length <= LONGEST_ADDRESS)
      .slice(0, MOST.thumbnails),
    tracks: tracks.slice(0, MOST.tracks),
    language: tracks.find(({ kind }) => kind === 'asr')?.languageCode,
  }
}

const isShort = ({ baseUrl, languageCode, kind = '' }: CaptionTrack) =>
  baseUrl.length <= LONGEST_ADDRESS && languageCode.length <= LONGEST_WORD && kind.length <= LONGEST_WORD
