export type PictureType = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif'

/**
 * What picture this is by its first bytes, since servers are wrong about types. Undefined for everything else; SVG, for
 * one, is a document with scripts and links.
 */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16))
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (/^RIFF.{4}WEBP/s.test(start)) return 'webp'
  if (/^GIF8[79]a/.test(start)) return 'gif'
  return /^.{4}ftypavi[fs]/s.test(start) ? 'avif' : undefined
}
