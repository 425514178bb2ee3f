// What goes to the clustering thread and back. Saves travel as one JSON text: cloning 50,000 objects takes ten
// times as long as writing them, on the event loop. Vectors stay numbers.
import type { ClusterInput, ClusterResult } from './cluster-engine.ts'

export interface ClusterRequest {
  text: string
  vectors: Float32Array
  /** Of the previous clusters. */
  centroids: Float32Array[]
}

export interface ClusterResponse {
  text: string
  centroids: Float32Array[]
}

const withoutCentroid = <T extends { centroid: Float32Array }>({ centroid: _, ...rest }: T) => rest

export function writeInput({ vectors, ...rest }: ClusterInput): ClusterRequest {
  const centroids = rest.previous.map(({ centroid }) => centroid)
  return {
    text: JSON.stringify({ ...rest, previous: rest.previous.map(withoutCentroid) }),
    vectors,
    centroids,
  }
}

export function readInput({ text, vectors, centroids }: ClusterRequest): ClusterInput {
  const input: Omit<ClusterInput, 'vectors'> = JSON.parse(text)
  const previous = input.previous.map((cluster, at) => ({ ...cluster, centroid: centroids[at]! }))
  return { ...input, vectors, previous }
}

export function writeResult(result: ClusterResult): ClusterResponse {
  const centroids = result.clusters.map(({ centroid }) => centroid)
  return { text: JSON.stringify({ ...result, clusters: result.clusters.map(withoutCentroid) }), centroids }
}

export function readResult({ text, centroids }: ClusterResponse): ClusterResult {
  const result: ClusterResult = JSON.parse(text)
  const clusters = result.clusters.map((cluster, at) => ({
    ...cluster,
    id: cluster.id,
    centroid: centroids[at]!,
  }))
  return { ...result, clusters }
}
