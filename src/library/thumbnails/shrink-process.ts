// A process of its own that decodes pictures of strangers: when one of them takes too long, too much memory, or breaks
// the decoder, this process ends and no other. Its environment is empty: there is nothing in it to find.
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import sharp from 'sharp'
import { pictureType } from '../../ground/fetch/picture-type.ts'
import type { Shrunk, ToShrink } from './shrink-picture.ts'

const MOST_PIXELS = 40_000_000
/** Of what is held whole while it is decoded: up to eight bytes a pixel, and for AVIF more than twice that. */
const MOST_PIXELS_WHOLE = 16_000_000
/** A picture is at most so many times as high as it is wide. */
const HIGHEST = 2
const QUALITY = 75
const EFFORT = 3

/** Whatever the first bytes were: no other decoder than these is ever begun. */
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
})
sharp.cache(false)
sharp.concurrency(1)
dieFirst()

process.on('disconnect', () => process.exit(0))
process.on('message', async (asked: ToShrink) => {
  let answer: Shrunk
  try {
    answer = { pictures: await shrink(asked) }
  } catch (error) {
    answer = { refused: error instanceof Error ? error.message.split('\n', 1)[0]! : String(error) }
  }
  process.send!(answer)
})

async function shrink({ bytes, widths }: ToShrink): Promise<Uint8Array[]> {
  const type = pictureType(bytes)
  if (!type) throw new Error('It is no picture of a known type')
  // The first frame only, and nothing that is broken: truncated counts as broken.
  const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', animated: false })
  const { width, height, isProgressive } = await picture.metadata()
  const isWhole = isProgressive || !(type === 'jpeg' || type === 'png')
  if (width * height > (isWhole ? MOST_PIXELS_WHOLE : MOST_PIXELS)) throw new Error('It has too many pixels')
  // Metadata is left behind; what it says of orientation and colours is done to the pixels.
  const { data, info } = await picture
    .autoOrient()
    .resize(within(Math.max(...widths)))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const pictures: Uint8Array[] = []
  for (const each of widths) {
    pictures.push(
      await sharp(data, { raw }).resize(within(each)).webp({ quality: QUALITY, effort: EFFORT }).toBuffer(),
    )
  }
  return pictures
}

const within = (width: number) => ({
  width,
  height: HIGHEST * width,
  fit: 'inside' as const,
  withoutEnlargement: true,
})

/** Where memory runs out, Linux ends this process and not the server. */
function dieFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {}
}
