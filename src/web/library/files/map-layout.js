// Where things go on the map, in pixels. Nothing here touches the page.

const COLOURS = 8
const SHAPES = ['circle', 'square', 'diamond', 'triangle']
const EDGE = 30
const LINE = 18

/** What of the map is seen: all of these points, and no closer than `least` of the map's width and height. */
export function fit(points, least = 0.05) {
  const [x, w] = span(
    points.map(point => point.x),
    least,
  )
  const [y, h] = span(
    points.map(point => point.y),
    least,
  )
  return { x, y, w, h }
}

function span(values, least) {
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  const length = Math.max(high - low, least)
  return [(low + high - length) / 2, length]
}

/** From the map's own measure to pixels, y upwards. */
export const toPixels = ({ x, y }, seen, { width, height }) => ({
  x: EDGE + ((x - seen.x) / seen.w) * (width - 2 * EDGE),
  y: height - EDGE - ((y - seen.y) / seen.h) * (height - 2 * EDGE),
})

/**
 * A colour and a shape for each group, 32 in all. A colour is used again when all are, far from the groups that have
 * it and in another shape. In the order of the ids, so that a group keeps its look while it grows.
 */
export function looksOf(groups) {
  const looks = new Map()
  const users = Array.from({ length: COLOURS }, () => [])
  for (const group of groups.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const fewest = Math.min(...users.map(others => others.length))
    const room = users.map(others =>
      others.length > fewest
        ? -1
        : Math.min(...others.map(other => Math.hypot(other.x - group.x, other.y - group.y))),
    )
    const colour = room.indexOf(Math.max(...room))
    looks.set(group.id, { colour, shape: SHAPES[(colour + users[colour].length) % SHAPES.length] })
    users[colour].push(group)
  }
  return looks
}

/** The outline of a point, about its middle. */
export function outline(shape, { x, y }, r) {
  if (shape === 'square') return `M${x - r * 0.9} ${y - r * 0.9}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`
  if (shape === 'diamond')
    return `M${x} ${y - r * 1.25}l${r * 1.25} ${r * 1.25}l${-r * 1.25} ${r * 1.25}l${-r * 1.25} ${-r * 1.25}z`
  if (shape === 'triangle') return `M${x} ${y - r * 1.2}l${r * 1.15} ${r * 2.1}h${-2.3 * r}z`
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
}

/**
 * Labels at the middles of their groups, in their order: the first have the best places. One that finds none is
 * left out, and so is one whose middle is not seen.
 * @param groups each with x and y in pixels
 * @param widthOf how wide a label is written
 */
export function placeLabels(groups, { width, height }, widthOf) {
  const taken = []
  return groups.flatMap(group => {
    if (group.x < 0 || group.x > width || group.y < 0 || group.y > height) return []
    const half = widthOf(group.label) / 2 + 5
    for (const [aside, lines] of PLACES) {
      const x = Math.min(Math.max(group.x + aside * half, half), Math.max(half, width - half))
      const y = group.y + lines * LINE
      const box = { left: x - half, right: x + half, top: y - LINE / 2 - 2, bottom: y + LINE / 2 + 2 }
      const isInside = box.top >= 0 && box.bottom <= height && box.right <= width
      if (!isInside || taken.some(other => overlap(box, other))) continue
      taken.push(box)
      return [{ ...group, x, y, box }]
    }
    return []
  })
}

/** How far from the middle: in halves of the label, and in lines. */
const PLACES = [
  [0, 0],
  ...[-1, 1].map(lines => [0, lines]),
  ...[-0.6, 0.6].flatMap(aside => [0, -1, 1].map(lines => [aside, lines])),
  ...[-2, 2].map(lines => [0, lines]),
]

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/** The point nearest to a place, if it is as near as `most` pixels. */
export function nearest(points, { x, y }, most) {
  let best
  let least = most
  for (const point of points) {
    const far = Math.hypot(point.x - x, point.y - y)
    if (far <= least) [best, least] = [point, far]
  }
  return best
}

/**
 * Where a key leads. Left and right: through the points of a group, from left to right; up and down: to the group
 * before or after. So every point can be reached.
 * @param rows the points of each group
 * @returns undefined when the key leads nowhere
 */
export function step(key, rows, point) {
  const row = rows.findIndex(points => points.includes(point))
  const points = rows[row]
  const at = points.indexOf(point)
  switch (key) {
    case 'ArrowLeft':
      return points[at - 1] ?? points.at(-1)
    case 'ArrowRight':
      return points[at + 1] ?? points[0]
    case 'Home':
      return points[0]
    case 'End':
      return points.at(-1)
    case 'ArrowUp':
      return (rows[row - 1] ?? rows.at(-1))[0]
    case 'ArrowDown':
      return (rows[row + 1] ?? rows[0])[0]
  }
}
