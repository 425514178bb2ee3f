// Where things go on the map, in pixels. Nothing here touches the page.

const COLOURS = 8
const SHAPES = ['circle', 'square', 'diamond', 'triangle']
const EDGE = 24
const LINE = 18
const LETTER = 7.4

/** From -1 … 1 to pixels, y upwards. */
export const toPixels = ({ x, y }, { width, height }) => ({
  x: EDGE + ((x + 1) / 2) * (width - 2 * EDGE),
  y: EDGE + ((1 - y) / 2) * (height - 2 * EDGE),
})

/** Colour and shape of a group: two groups of one colour differ in shape. */
export const lookOf = index =>
  index < 0
    ? { colour: 'none', shape: 'circle' }
    : { colour: index % COLOURS, shape: SHAPES[(index + Math.floor(index / COLOURS)) % SHAPES.length] }

/** The outline of a point, about its middle. */
export function outline(shape, { x, y }, r) {
  if (shape === 'square') return `M${x - r * 0.9} ${y - r * 0.9}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`
  if (shape === 'diamond')
    return `M${x} ${y - r * 1.25}l${r * 1.25} ${r * 1.25}l${-r * 1.25} ${r * 1.25}l${-r * 1.25} ${-r * 1.25}z`
  if (shape === 'triangle') return `M${x} ${y - r * 1.2}l${r * 1.15} ${r * 2.1}h${-2.3 * r}z`
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
}

/** Labels near the middles of their groups, the biggest first; one that finds no free place is left to the list below. */
export function placeLabels(groups, size) {
  const taken = []
  return groups.flatMap(group => {
    const { x, y } = toPixels(group, size)
    const half = (group.label.length * LETTER) / 2 + 4
    const middle = Math.min(Math.max(x, half), size.width - half)
    for (const shift of [0, -LINE, LINE, -2 * LINE, 2 * LINE, -3 * LINE, 3 * LINE]) {
      const box = {
        left: middle - half,
        right: middle + half,
        top: y + shift - LINE / 2,
        bottom: y + shift + LINE / 2,
      }
      const isInside = box.left >= 0 && box.right <= size.width && box.top >= 0 && box.bottom <= size.height
      if (!isInside || taken.some(other => overlap(box, other))) continue
      taken.push(box)
      return [{ ...group, x: middle, y: y + shift }]
    }
    return []
  })
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** The nearest point that lies more in direction (dx, dy) than to its side. */
export function neighbour(points, from, dx, dy) {
  let best
  for (const point of points) {
    const [x, y] = [point.x - from.x, point.y - from.y]
    const along = x * dx + y * dy
    const aside = Math.abs(x * dy - y * dx)
    if (along <= 0 || aside > along) continue
    const cost = along + 2 * aside
    if (!best || cost < best.cost) best = { point, cost }
  }
  return best?.point
}
