// How good the groups of real videos are, beside scikit-learn's on the same vectors at the same k, and their labels.
// Usage: bun bench/groups.ts [rows.jsonl]   (rows as in test/support/fixtures/youtube-videos.jsonl, which is the default)
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { meanSilhouette } from '../src/clustering/engine/silhouette.ts'
import { OUTLIER } from '../src/clustering/engine/trim-clusters.ts'
import { clusterInThread } from '../src/clustering/threads/cluster-in-thread.ts'
import { CATEGORIES, EMBEDDING_DIMENSIONS } from '../src/vocabulary.ts'
import { vMeasure } from '../test/clustering/generated-rows.ts'
import { startScikitLearn } from './clustering/scikit-learn.ts'
import { labelShares } from './groups/label-shares.ts'
import { understandVideos } from './groups/understand-videos.ts'

const SEED = 1
/** A label that fewer members say names a corner of the group. */
const WIDE = 0.2
const path =
  process.argv[2] ?? new URL('../test/support/fixtures/youtube-videos.jsonl', import.meta.url).pathname
const videos = await understandVideos(path)
const vectors = Float32Array.from(videos.flatMap(({ vector }) => vector))

const result = await clusterInThread(
  {
    pages: [
      {
        ids: [...videos.keys()].map(String),
        // The thread takes the buffer with it.
        vectors: vectors.slice(),
        categories: Uint8Array.from(videos, ({ document }) =>
          CATEGORIES.indexOf(document.category_high ?? 'Misc'),
        ),
        present: new Int32Array(videos.length).fill(OUTLIER),
      },
    ],
    most: videos.length,
    dimensions: EMBEDDING_DIMENSIONS,
    previous: [],
    previous_plane: undefined,
    min_items: 5,
    seed: SEED,
  },
  async ids => ids.map(id => videos[Number(id)]!.document),
)
const k = result.clusters.length
const found = Array.from(result.groups)
const theirs = await fitByScikitLearn(k)
const grouped = [...found.keys()].filter(row => found[row]! >= 0)
const nearest = found.map((group, row) => (group >= 0 ? group : nearestCentroid(row)))

console.log(`\n${videos.length} videos, k found ${k}, ${videos.length - grouped.length} in no group`)
console.table({
  'ours, those in no group with the nearest': figures(nearest, [...found.keys()]),
  [`scikit-learn ${theirs.version}, n_init=10, same k`]: figures(theirs.groups, [...found.keys()]),
  'ours, without those in no group': figures(found, grouped),
  'scikit-learn, the same videos': figures(theirs.groups, grouped),
})
let narrow = 0
for (const [group, { label, titles, keywords }] of result.clusters.entries()) {
  const members = videos.flatMap(({ document }, row) => (found[row] === group ? [document] : []))
  const shares = labelShares(label, members)
  if (shares.some(share => share < WIDE)) narrow++
  const said = shares.map(share => `${Math.round(100 * share)} %`).join(' & ') || 'a mix'
  console.log(`${label}: ${said} of ${members.length} (${keywords.slice(0, 4).join(', ')})`)
  for (const title of titles.slice(0, 3)) console.log(`    ${title}`)
}
console.log(`\n${narrow} of ${k} labels have a half that fewer than ${100 * WIDE} % of the members say`)

function nearestCentroid(row: number): number {
  const vector = vectors.subarray(row * EMBEDDING_DIMENSIONS, (row + 1) * EMBEDDING_DIMENSIONS)
  const likeness = result.clusters.map(({ centroid }) =>
    centroid.reduce((sum, it, d) => sum + it * vector[d]!, 0),
  )
  return likeness.indexOf(Math.max(...likeness))
}

async function fitByScikitLearn(k: number): Promise<{ version: string; groups: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'trove-bench-groups-'))
  const points = join(folder, 'points')
  writeFileSync(points, new Uint8Array(vectors.buffer))
  const scikit = await startScikitLearn()
  const { labels } = await scikit.fit({ points, dimensions: EMBEDDING_DIMENSIONS, k, n_init: 10, seed: SEED })
  scikit.close()
  rmSync(folder, { recursive: true })
  return { version: scikit.version, groups: labels }
}

/** Silhouette by cosine over a sample of 800. */
function figures(groups: number[], rows: number[]) {
  const some = Int32Array.from(rows, row => groups[row]!)
  const points = new Float32Array(rows.length * EMBEDDING_DIMENSIONS)
  for (const [at, row] of rows.entries()) {
    const from = row * EMBEDDING_DIMENSIONS
    points.set(vectors.subarray(from, from + EMBEDDING_DIMENSIONS), at * EMBEDDING_DIMENSIONS)
  }
  const categories = rows.map(row => videos[row]!.category) as never
  return {
    V: vMeasure(categories, some).toFixed(3),
    silhouette: meanSilhouette(points, EMBEDDING_DIMENSIONS, some, k, SEED).toFixed(3),
  }
}
