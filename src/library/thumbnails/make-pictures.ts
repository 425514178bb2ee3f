// Fetches the pictures of strangers and makes them small: each once at a time, in turns that are fair.
import type { Context } from '../../context.ts'
import { FetchError } from '../../ground/fetch/fetch.ts'
import { pictureType } from '../../ground/fetch/picture-type.ts'
import { problem } from '../../ground/http/problem.ts'
import { inTime } from '../../ground/in-time.ts'
import { BadPicture, createShrinker } from './shrink-picture.ts'
import { findPicture, keepPicture, type PictureKey } from './store.ts'
import { createTurns, LineIsFull, type Place } from './turns.ts'
import { WIDTHS, type Width } from './widths.ts'

export const tooManyPictures = problem(
  503,
  'TOO_BUSY',
  'Too many pictures are being fetched. Try again shortly.',
  { retry_after: 5 },
)
export const pictureTimeout = problem(504, 'PICTURE_TIMEOUT', 'The picture did not come in time', {
  retry_after: 5,
})

/** Of one asker, the line included. The picture itself may come later and is kept for the next. */
const WAIT_MS = 8_000
const FETCH_MS = 4_000
const AT_ONCE = 32
const ACCEPTED = 'image/avif,image/webp,image/png,image/jpeg,image/gif'

/** A picture in each of the widths; undefined when it could not be had. */
type Pictures = Map<Width, Uint8Array<ArrayBuffer>> | undefined

/** A picture that somebody waits for. Whichever of them has a turn first begins it, for all. */
interface Wanted {
  pictures: PromiseWithResolvers<Pictures>
  hasBegun: boolean
  places: Set<Place>
}

export interface PictureMaker {
  /**
   * The picture at `address`, also when somebody else has asked for it already.
   * @param network who asks, for fair turns
   * @throws {Problem} 503 when too many wait, 504 when it takes too long
   */
  make(key: PictureKey, address: string, network: string): Promise<Pictures>
  close(): void
}

export function createPictureMaker({
  database: { sql },
  fetcher,
  log,
}: Pick<Context, 'database' | 'fetcher' | 'log'>): PictureMaker {
  // What is fetched is in memory, up to 5 MB each, until it is small: so a turn lasts until then.
  const enter = createTurns({ atOnce: AT_ONCE, perHost: 2, line: 400 })
  const enterToShrink = createTurns({ atOnce: 2, line: AT_ONCE })
  const shrinker = createShrinker()
  const wanted = new Map<string, Wanted>()
  let isClosed = false

  async function fetchPicture(address: string, network: string): Promise<Uint8Array> {
    const { status, bytes } = await fetcher.bytes(address, {
      accept: ACCEPTED,
      timeout_ms: FETCH_MS,
      asker: network,
    })
    if (status !== 200) throw new BadPicture(`The server answered ${status}`)
    if (!pictureType(bytes)) throw new BadPicture('It is no picture of a known type')
    return bytes
  }

  async function shrinkPicture(bytes: Uint8Array, network: string): Promise<Pictures> {
    const endTurn = await enterToShrink(network).turn
    try {
      const made = await shrinker.shrink({ bytes, widths: WIDTHS })
      return new Map(WIDTHS.map((width, i) => [width, new Uint8Array(made[i]!)]))
    } finally {
      endTurn?.()
    }
  }

  async function begin(key: PictureKey, address: string, network: string): Promise<Pictures> {
    let pictures: Pictures
    try {
      // Another process may have made it meanwhile, or this one, since it was looked for.
      const known = await findKept(key)
      if (known !== 'unknown') return known
      pictures = await shrinkPicture(await fetchPicture(address, network), network)
    } catch (error) {
      // These say nothing of the picture.
      const isBusy = error instanceof FetchError && error.reason === 'busy'
      if (isBusy || isClosed || error instanceof LineIsFull) throw tooManyPictures()
      if (!(error instanceof FetchError || error instanceof BadPicture)) throw error
      log.info('A picture cannot be shown', { content_id: key.content_id, reason: error.message })
    }
    const rows = WIDTHS.map(width => ({ width, bytes: pictures?.get(width) ?? null }))
    await keepPicture(sql, key, rows).catch(error => log.warn('A picture was not kept', { error }))
    return pictures
  }

  async function findKept(key: PictureKey): Promise<Pictures | 'unknown'> {
    const pictures: NonNullable<Pictures> = new Map()
    for (const width of WIDTHS) {
      const kept = await findPicture(sql, key, width)
      if (kept?.bytes === undefined) return 'unknown'
      if (kept.bytes === null) return undefined
      pictures.set(width, kept.bytes)
    }
    return pictures
  }

  function want(key: PictureKey): Wanted {
    const name = nameOf(key)
    const known = wanted.get(name)
    if (known) return known
    const want = { pictures: Promise.withResolvers<Pictures>(), hasBegun: false, places: new Set<Place>() }
    // Everybody may have given up waiting.
    want.pictures.promise.catch(() => {})
    wanted.set(name, want)
    return want
  }

  return {
    async make(key, address, network) {
      const picture = want(key)
      if (picture.hasBegun) return waitFor(picture.pictures.promise)
      const place = enter(network, URL.parse(address)?.host)
      picture.places.add(place)
      const begun = place.turn.then(endTurn => {
        if (!endTurn || picture.hasBegun) endTurn?.()
        else {
          picture.hasBegun = true
          for (const { leave } of picture.places) leave()
          const made = begin(key, address, network).finally(() => {
            wanted.delete(nameOf(key))
            endTurn()
          })
          made.then(picture.pictures.resolve, picture.pictures.reject)
        }
        return picture.pictures.promise
      })
      try {
        return await waitFor(Promise.race([picture.pictures.promise, begun]))
      } catch (error) {
        throw error instanceof LineIsFull ? tooManyPictures() : error
      } finally {
        place.leave()
        picture.places.delete(place)
        if (!picture.hasBegun && picture.places.size === 0) wanted.delete(nameOf(key))
      }
    },
    close() {
      isClosed = true
      shrinker.close()
    },
  }
}

const nameOf = ({ content_id, hash }: PictureKey) => `${content_id}/${hash}`

const waitFor = <T>(work: Promise<T>): Promise<T> => inTime(work, WAIT_MS, pictureTimeout)
