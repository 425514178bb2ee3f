import { expect, test } from 'bun:test'
import { pictureType } from '../../../src/ground/fetch/picture-type.ts'
import { hostilePictures, photo } from '../../support/pictures.ts'

test('a picture is known by its first bytes, and everything else is none, whatever it is called', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
    expect(pictureType(await photo({ width: 20, height: 20 })[format]().toBuffer())).toBe(format)
  }
  const hostile = await hostilePictures()
  for (const what of ['nothing', 'a web page', 'SVG', 'TIFF', 'PDF']) {
    expect([what, pictureType(hostile[what]!)]).toEqual([what, undefined])
  }
})
