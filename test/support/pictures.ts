// Pictures for tests, the hostile ones byte by byte. The same code runs on Bun and Deno.
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'

interface Size {
  width: number
  height: number
}

/** A photograph's stand-in: colours that differ everywhere. */
export const photo = ({ width, height }: Size) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#c86432',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })

const plain = (size: Size) => sharp({ create: { ...size, channels: 3, background: '#c86432' } })

const chunk = (type: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const chunk = Buffer.alloc(body.length + 8)
  chunk.writeUInt32BE(data.length)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), body.length + 4)
  return chunk
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** One bit a pixel, all of it there: 30,000 by 30,000 are 112 MB in 110 kB. */
function pngOf({ width, height }: Size, ...more: Buffer[]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const rows = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))))
  const parts = [chunk('IHDR', header), ...more, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([SIGNATURE, ...parts])
}

/** A good picture with a comment of 200 MB, in 200 kB. */
export const commentBomb = () =>
  pngOf(
    { width: 64, height: 64 },
    chunk(
      'zTXt',
      Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(200_000_000))]),
    ),
  )

/** As many frames as asked for, of which each says no more than its first pixel. */
export function gifOf(frames: number, { width, height } = { width: 100, height: 100 }): Buffer {
  const size = [width & 0xff, width >> 8, height & 0xff, height >> 8]
  const screen = [...size, 0x80, 0, 0, 0xff, 0, 0, 0, 0, 0xff]
  const control = [0x21, 0xf9, 4, 0, 0, 0, 0, 0]
  const frame = [0x2c, 0, 0, 0, 0, ...size, 0, 2, 2, 0x44, 1, 0]
  const body = Array.from({ length: frames }, () => [...control, ...frame]).flat()
  return Buffer.concat([Buffer.from('GIF89a', 'latin1'), Buffer.from([...screen, ...body, 0x3b])])
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

/** What must not be shown, by what is wrong with it. */
export async function hostilePictures(): Promise<Record<string, Uint8Array>> {
  const jpeg = await photo({ width: 400, height: 300 }).jpeg().toBuffer()
  const text = (words: string) => Buffer.from(words, 'latin1')
  return {
    nothing: new Uint8Array(),
    'a web page': text('<!doctype html><img src=x onerror=alert(1)>'),
    SVG: text(SVG),
    'SVG that begins like PNG': Buffer.concat([SIGNATURE, text(SVG)]),
    'a script that begins like GIF': text('GIF89a=1;alert(1)//'),
    'a page that begins like JPEG': text('\xff\xd8\xff\xe0<script>alert(1)</script>'),
    TIFF: await plain({ width: 20, height: 20 }).tiff().toBuffer(),
    PDF: text('%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj'),
    'AVIF of nothing': text('\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf'),
    'a JPEG that breaks off': jpeg.subarray(0, jpeg.length / 2),
    'a PNG of 900 megapixels': pngOf({ width: 30_000, height: 30_000 }),
    'a PNG that is all height': pngOf({ width: 40, height: 1_100_000 }),
    'a GIF of 900 megapixels': gifOf(1, { width: 30_000, height: 30_000 }),
    'a JPEG of 17 megapixels that must be held whole': await plain({ width: 4100, height: 4100 })
      .jpeg({ progressive: true })
      .toBuffer(),
    'more than 5 MB': Buffer.concat([jpeg, Buffer.alloc(5_000_000)]),
  }
}
