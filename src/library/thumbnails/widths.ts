/** The widths in pixels in which a picture is kept, the largest last. A smaller picture stays as it is. */
export const WIDTHS = [160, 320, 640] as const
export type Width = (typeof WIDTHS)[number]
