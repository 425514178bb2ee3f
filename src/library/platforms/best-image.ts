/** A picture that a page names, with its size where the page tells it. */
export interface PageImage {
  url: string
  width?: number | undefined
  height?: number | undefined
}

/** The largest of `images` whose size is known, else the first: pages name their best picture first. */
export function bestImage(images: PageImage[]): string | undefined {
  const area = ({ width = 0, height = width }: PageImage) => (width > 0 && height > 0 ? width * height : 0)
  let best = images[0]
  for (const image of images) if (best && area(image) > area(best)) best = image
  return best?.url
}
