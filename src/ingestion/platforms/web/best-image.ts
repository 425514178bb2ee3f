/** A picture that a page names, with its size where the page tells it. */
export interface PageImage {
  url: string
  width?: number | undefined
  height?: number | undefined
  type?: string | undefined
}

/** Pixels. A picture of that size is a cover; one with a smaller side is an icon or a portrait. */
const COVER = { width: 600, height: 300 }
const ICON = 200
/** A picture that is longer than wide by more than that, or wider than long, is a strip. */
const LONGEST_SHAPE = 3

/**
 * The picture that stands for a page. Pages name it first, and often tell the sizes of others only: so the first is taken
 * unless it is known to be small or a strip, and then the largest, or one whose size is not told rather than an icon.
 */
export function bestImage(images: PageImage[]): string | undefined {
  const [first] = images
  if (!first || isUnknown(first) || isCover(first)) return first?.url
  const largest = largestImage(images.filter(image => !isUnknown(image) && !isStrip(image)))
  const unknown = images.find(isUnknown)
  if (!largest || isIcon(largest)) return (unknown ?? largest ?? first).url
  return largest.url
}

/** The one with the most pixels, where all sizes are told; else the first. */
export function largestImage<T extends PageImage>(images: T[]): T | undefined {
  let best = images[0]
  for (const image of images) if (best && area(image) > area(best)) best = image
  return best
}

function sizeOf({ width = 0, height = width }: PageImage): { width: number; height: number } {
  return width > 0 && height > 0 ? { width, height } : { width: 0, height: 0 }
}

function area(image: PageImage): number {
  const { width, height } = sizeOf(image)
  return width * height
}

const isUnknown = (image: PageImage) => area(image) === 0

function isIcon(image: PageImage): boolean {
  const { width, height } = sizeOf(image)
  return Math.min(width, height) < ICON
}

function isStrip(image: PageImage): boolean {
  const { width, height } = sizeOf(image)
  return Math.max(width / height, height / width) > LONGEST_SHAPE
}

function isCover(image: PageImage): boolean {
  const { width, height } = sizeOf(image)
  return width >= COVER.width && height >= COVER.height && !isStrip(image)
}
