// The points and labels on a canvas: five thousand elements of a page would be slow to make and to walk.
import { outline, placeLabels } from './map-layout.js'

const MOST_WITH_EDGE = 1500
const DIM = 0.13
const FAINT = 0.5

/** How big a point is when there are so many. */
export const radiusOf = count => (count > 1500 ? 3 : count > 400 ? 4.2 : 5.8)

/**
 * @param points in pixels, with their cluster_id
 * @param groups in pixels, those with the best right to a label first
 * @param single the id of the group that stands out, or undefined
 */
export function drawMap(canvas, { points, groups, looks, size, single }) {
  const sharp = devicePixelRatio || 1
  canvas.width = Math.round(size.width * sharp)
  canvas.height = Math.round(size.height * sharp)
  canvas.style.height = `${size.height}px`
  const context = canvas.getContext('2d')
  context.scale(sharp, sharp)
  const style = getComputedStyle(canvas)
  const colour = name => style.getPropertyValue(name).trim()
  const colourOf = id => (looks.has(id) ? colour(`--c${looks.get(id).colour}`) : colour('--edge'))
  const radius = radiusOf(points.length)

  context.strokeStyle = colour('--raised')
  const byGroup = Map.groupBy(points, ({ cluster_id }) => cluster_id)
  // What stands out is drawn last.
  const order = [null, ...groups.map(({ id }) => id).reverse()].filter(id => byGroup.has(id))
  if (single !== undefined) order.sort((a, b) => Number(a === single) - Number(b === single))
  for (const id of order) {
    const shape = looks.get(id)?.shape ?? 'circle'
    const r = id === null ? radius * 0.7 : radius
    const path = new Path2D(
      byGroup
        .get(id)
        .map(point => outline(shape, point, r))
        .join(''),
    )
    context.globalAlpha = single !== undefined && single !== id ? DIM : id === null ? FAINT : 0.9
    context.fillStyle = colourOf(id)
    context.fill(path)
    if (points.length <= MOST_WITH_EDGE) context.stroke(path)
  }

  context.globalAlpha = 1
  context.font = `650 13px ${style.fontFamily}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  context.lineWidth = 5
  const named = single === undefined ? groups : groups.filter(({ id }) => id === single)
  const labels = placeLabels(named, size, text => context.measureText(text).width)
  for (const { id, label, x, y } of labels) {
    context.strokeText(label, x, y)
    context.fillStyle = colourOf(id)
    context.fillText(label, x, y)
  }
  canvas.dataset.drawn = points.length
  canvas.dataset.labels = labels.length
}
