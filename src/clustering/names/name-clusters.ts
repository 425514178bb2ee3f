// The names that a language model gives to the groups of a run, in place of those that their words make.
import type { Models } from '../../models/models.ts'
import type { Cluster, PreviousCluster } from '../threads/cluster-in-thread.ts'
import { isCounted } from './describe-cluster.ts'
import { STOP_WORDS } from './words/stop-words.ts'

/**
 * The clusters of a run with the model's labels and descriptions. The model is asked about those that are new or
 * whose label was not kept, with public titles and keywords alone; the others keep what was said of them. A label
 * that the model gives twice, or that another cluster has, is not used.
 */
export async function nameClusters(
  models: Pick<Models, 'nameGroups'>,
  previous: (Pick<PreviousCluster, 'id' | 'label'> & { short_description: string | null })[],
  clusters: Cluster[],
): Promise<Cluster[]> {
  const before = new Map(previous.map(cluster => [cluster.id, cluster]))
  const known = clusters.map(({ id, label }) => {
    const old = before.get(id ?? '')
    return old?.label === label ? old : undefined
  })
  const unknown = clusters.filter((_, at) => !known[at])
  const names =
    unknown.length === 0
      ? []
      : await models.nameGroups(
          unknown.map(cluster => ({
            titles: cluster.titles,
            keywords: cluster.keywords,
            current: cluster.label,
          })),
        )

  const taken = new Map(clusters.map(cluster => [keyOf(cluster.label), cluster]))
  return clusters.map((cluster, at) => {
    const described = known[at]?.short_description
    if (described && !isCounted(described)) return { ...cluster, short_description: described }
    const name = known[at] ? undefined : names[unknown.indexOf(cluster)]
    if (!name || isCounted(name.description) || saysNothing(name.label)) return cluster
    const holder = taken.get(keyOf(name.label))
    if (holder && holder !== cluster) return cluster
    taken.set(keyOf(name.label), cluster)
    return { ...cluster, label: name.label, short_description: name.description }
  })
}

const keyOf = (label: string) => label.toLowerCase()

const saysNothing = (label: string) =>
  keyOf(label)
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .every(word => word === '' || STOP_WORDS.has(word))
