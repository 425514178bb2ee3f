import type { MapCluster, MapPoint } from './schema.ts'

/** Each cluster at the mean of its points; one without a point has no place on the map. */
export function placeClusters(labels: { id: string; label: string }[], points: MapPoint[]): MapCluster[] {
  const sums = new Map(labels.map(({ id }) => [id, { x: 0, y: 0, count: 0 }]))
  for (const { cluster_id, x, y } of points) {
    const sum = cluster_id === null ? undefined : sums.get(cluster_id)
    if (sum) Object.assign(sum, { x: sum.x + x, y: sum.y + y, count: sum.count + 1 })
  }
  return labels.flatMap(({ id, label }) => {
    const { x, y, count } = sums.get(id)!
    return count === 0 ? [] : [{ id, label, x: x / count, y: y / count }]
  })
}
