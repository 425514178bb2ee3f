// Thumbnails for models that see. A picture is a help, never a need: what fails is simply not there.
import type { Fetcher } from '../ground/fetch/fetch.ts'
import { pictureType } from '../ground/fetch/picture-type.ts'
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
    const type = pictureType(bytes)
    return type && type !== 'avif' ? { bytes, type: `image/${type}` } : undefined
  } catch {
    return undefined
  }
}
