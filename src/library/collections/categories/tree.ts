// Which category is under which, of one user: read whole, since a user has a few. There is no circle, and one would end.

interface Node {
  id: string
  parent_id: string | null
}

/** How many categories may be above each other. */
export const DEEPEST = 16

const childrenOf = <Of extends Node>(nodes: readonly Of[]) => Map.groupBy(nodes, ({ parent_id }) => parent_id)

/** The ids of a category and of all above it, from below. */
export function pathOf(nodes: readonly Node[], id: string | null): string[] {
  const parents = new Map(nodes.map(node => [node.id, node.parent_id]))
  const path: string[] = []
  for (let at = id; at && path.length <= nodes.length; at = parents.get(at) ?? null) path.push(at)
  return path
}

/** How many levels a category and what is under it have. */
export function heightOf(nodes: readonly Node[], id: string): number {
  const children = childrenOf(nodes)
  const height = (id: string): number =>
    1 + Math.max(0, ...(children.get(id) ?? []).map(child => height(child.id)))
  return height(id)
}

/** All that is under a category, its children first, as far as `isOpen` lets through. */
export function under<Of extends Node>(
  nodes: readonly Of[],
  id: string,
  isOpen: (node: Of) => boolean = () => true,
): Of[] {
  const children = childrenOf(nodes.filter(isOpen))
  const found: Of[] = []
  let level = children.get(id) ?? []
  while (level.length > 0 && found.length <= nodes.length) {
    found.push(...level)
    level = level.flatMap(node => children.get(node.id) ?? [])
  }
  return found
}

export type Tree<Of> = Of & { children: Tree<Of>[] }

/** The categories without a parent, each with what is under it; in the order in which they came. */
export function treeOf<Of extends Node>(nodes: readonly Of[]): Tree<Of>[] {
  const children = childrenOf(nodes)
  const grow = (id: string | null): Tree<Of>[] =>
    (children.get(id) ?? []).map(node => ({ ...node, children: grow(node.id) }))
  return grow(null)
}
