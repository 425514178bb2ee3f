import type { Metadata } from './metadata.ts'

/** How much of a transcript goes into content_text. */
const TRANSCRIPT_START = 2000

/** The text of a content that is understood and found by words. */
export function contentTextOf({ title, caption, description, transcript }: Metadata): string {
  const said = transcript?.slice(0, TRANSCRIPT_START).replace(/\p{Cs}$/u, '')
  return [title, caption, description, said].filter(Boolean).join('\n')
}
