// Agglomerative clustering with Ward's linkage: the two groups whose union raises the inertia least are joined,
// again and again. One tree holds a grouping for every k, each of them a better start for k-means than random rows.

import { giveBack } from './nearest-centroids.ts'

/** The joins of a tree over `size` rows, cheapest first. A group is named by one of its rows. */
export interface WardTree {
  size: number
  joins: { kept: number; absorbed: number; cost: number }[]
}

/**
 * Builds the tree by nearest-neighbour chains in O(n²) time (Murtagh 1983; the same result as the greedy way,
 * since Ward's linkage is reducible). Equal distances are settled by the lower row number.
 * @param distances squared Euclidean distances, row-major n × n; left untouched
 */
export function wardTree(distances: Float32Array, size: number): WardTree {
  const cost = distances.slice()
  const weight = new Float64Array(size).fill(1)
  const alive = new Uint8Array(size).fill(1)
  const joins: WardTree['joins'] = []
  const chain: number[] = []
  let firstAlive = 0

  while (joins.length < size - 1) {
    if (chain.length === 0) {
      while (!alive[firstAlive]) firstAlive++
      chain.push(firstAlive)
    }
    const tip = chain[chain.length - 1]!
    const before = chain[chain.length - 2] ?? -1
    const nearest = nearestAlive(cost, alive, tip, before)
    if (nearest !== before) {
      chain.push(nearest)
      continue
    }
    chain.length -= 2
    const kept = Math.min(tip, before)
    const absorbed = Math.max(tip, before)
    joins.push({ kept, absorbed, cost: cost[kept * size + absorbed]! })
    join(cost, weight, alive, kept, absorbed)
  }
  giveBack(cost)
  // A stable sort keeps a child before its parent when both cost the same.
  joins.sort((a, b) => a.cost - b.cost)
  return { size, joins }
}

/** The nearest other living group; `preferred` wins a tie, so that a chain always ends. */
function nearestAlive(cost: Float32Array, alive: Uint8Array, from: number, preferred: number): number {
  const size = alive.length
  let nearest = preferred
  let least = preferred < 0 ? Infinity : cost[from * size + preferred]!
  for (let other = 0; other < size; other++) {
    if (!alive[other] || other === from) continue
    const value = cost[from * size + other]!
    if (value < least) {
      least = value
      nearest = other
    }
  }
  return nearest
}

/** Lance–Williams update of the distances for Ward's linkage. */
function join(
  cost: Float32Array,
  weight: Float64Array,
  alive: Uint8Array,
  kept: number,
  absorbed: number,
): void {
  const size = alive.length
  const between = cost[kept * size + absorbed]!
  const keptWeight = weight[kept]!
  const absorbedWeight = weight[absorbed]!
  alive[absorbed] = 0
  weight[kept] = keptWeight + absorbedWeight
  for (let other = 0; other < size; other++) {
    if (!alive[other] || other === kept) continue
    const otherWeight = weight[other]!
    const value =
      ((otherWeight + keptWeight) * cost[kept * size + other]! +
        (otherWeight + absorbedWeight) * cost[absorbed * size + other]! -
        otherWeight * between) /
      (otherWeight + keptWeight + absorbedWeight)
    cost[other * size + kept] = value
    cost[kept * size + other] = value
  }
}

/** The tree's grouping into `k` groups: a group number for each row, numbered in the order of their first rows. */
export function cutTree(tree: WardTree, k: number): Int32Array {
  const parent = Int32Array.from({ length: tree.size }, (_, row) => row)
  const root = (row: number): number => {
    while (parent[row] !== row) row = parent[row]!
    return row
  }
  for (const { kept, absorbed } of tree.joins.slice(0, Math.max(0, tree.size - k))) {
    parent[root(absorbed)] = root(kept)
  }
  const numbers = new Map<number, number>()
  return Int32Array.from({ length: tree.size }, (_, row) => {
    const group = root(row)
    if (!numbers.has(group)) numbers.set(group, numbers.size)
    return numbers.get(group)!
  })
}
