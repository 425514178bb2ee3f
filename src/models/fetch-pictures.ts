// Thumbnails for models that see. A picture is a help, never a need: what fails is simply not there.
import type { Fetcher } from '../http/fetch.ts'
import type { Picture } from './analysis.ts'

const MOST_BYTES = 1_000_000
const FETCHED_AT_ONCE = 8

/**
 * One picture an address, in order; undefined where there is none that a model could read.
 * @param asker for whom they are
 */
export async function fetchPictures(
  fetcher: Pick<Fetcher, 'bytes'>,
  urls: (string | null)[],
  asker?: string,
): Promise<(Picture | undefined)[]> {
  const pictures: (Picture | undefined)[] = []
  const waiting = urls.entries()
  const takeTurns = async () => {
    for (const [index, url] of waiting)
      pictures[index] = url ? await fetchPicture(fetcher, url, asker) : undefined
  }
  await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, takeTurns))
  return pictures
}

async function fetchPicture(
  fetcher: Pick<Fetcher, 'bytes'>,
  url: string,
  asker: string | undefined,
): Promise<Picture | undefined> {
  try {
    const { status, bytes } = await fetcher.bytes(url, { accept: 'image/*', asker })
    if (status !== 200 || bytes.byteLength > MOST_BYTES) return undefined
    const type = typeOf(bytes)
    return type ? { bytes, type } : undefined
  } catch {
    return undefined
  }
}

/** By its first bytes: servers are wrong about types, and a picture that is none spoils the whole request. */
function typeOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12))
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (/^GIF8[79]a/.test(start)) return 'image/gif'
  return /^RIFF.{4}WEBP/s.test(start) ? 'image/webp' : undefined
}
