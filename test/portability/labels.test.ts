// Names of groups on this runtime: its dictionaries part words, and the packages tell languages as elsewhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelClusters } from '../../src/clustering/names/label-clusters.ts'
import type { ClusterDocument } from '../../src/clustering/names/terms.ts'
import { languagesOf } from '../../src/clustering/names/words/detect-language.ts'
import { clusterInThread } from '../../src/clustering/threads/cluster-in-thread.ts'
import { CATEGORIES } from '../../src/vocabulary.ts'
import { SUBJECTS, TITLES } from '../clustering/titles-by-language.ts'

const documentOf = (title: string): ClusterDocument => ({
  title,
  topic_main: null,
  tags: [],
  subcategories: [],
  author: null,
  category_high: null,
})

test('a group is named in the language of its members, in every script', async () => {
  for (const [code, subjects] of Object.entries(SUBJECTS)) {
    const { cooking, travel, trouble } = TITLES[code] ?? { cooking: [], travel: [], trouble: [] }
    const groups = [...Object.values(subjects), cooking, travel, trouble].filter(titles => titles.length > 0)
    const labels = (await labelClusters(groups.map(titles => titles.map(documentOf)))).map(
      ({ label }) => label,
    )
    assert.deepEqual(labels.slice(0, Object.keys(subjects).length), Object.keys(subjects))
  }
})

test('the languages of thirteen groups are told', async () => {
  const found = (await languagesOf(Object.values(TITLES).map(({ cooking }) => cooking))).map(
    ([first]) => first,
  )
  assert.deepEqual(found, Object.keys(TITLES))
})

test('the thread that names has what it needs', async () => {
  const titles = SUBJECTS.ja!.味噌ラーメン!
  const rows = Array.from({ length: 8 }, (_, row) => titles[row % titles.length]!)
  const { clusters } = await clusterInThread(
    {
      pages: [
        {
          ids: rows.map((_, row) => `${row}`),
          vectors: Float32Array.from(rows.flatMap(() => [1, 0, 0, 0])),
          categories: Uint8Array.from(rows, () => CATEGORIES.indexOf('Misc')),
          present: new Int32Array(rows.length).fill(-1),
        },
      ],
      most: rows.length,
      dimensions: 4,
      previous: [],
      previous_plane: undefined,
      min_items: 5,
      seed: 1,
    },
    async ids => ids.map(id => documentOf(rows[Number(id)]!)),
  )
  assert.deepEqual(
    clusters.map(({ label }) => label),
    ['味噌ラーメン'],
  )
})
