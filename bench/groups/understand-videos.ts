// What the local models make of the videos, as the product would keep it. Made once, then read from a temporary file.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { ClusterDocument } from '../../src/clustering/names/terms.ts'
import { embeddingText } from '../../src/models/embedding-text.ts'
import { createLocalModels, LOCAL_MODEL } from '../../src/models/local/local.ts'
import { analysisInput, readVideos } from '../categories.ts'

export interface UnderstoodVideo {
  id: string
  /** The one that its owner chose on YouTube. */
  category: string
  document: ClusterDocument
  vector: number[]
}

const AT_ONCE = 50

/** @param path rows as in test/support/fixtures/youtube-videos.jsonl */
export async function understandVideos(path: string): Promise<UnderstoodVideo[]> {
  const key = createHash('sha256').update(LOCAL_MODEL).update(readFileSync(path)).digest('hex').slice(0, 16)
  const cache = join(tmpdir(), `trove-bench-groups-${key}.json`)
  if (existsSync(cache)) return JSON.parse(readFileSync(cache, 'utf8'))
  const videos = readVideos(path)
  const models = createLocalModels()
  const understood: UnderstoodVideo[] = []
  for (let from = 0; from < videos.length; from += AT_ONCE) {
    const some = videos.slice(from, from + AT_ONCE)
    const inputs = some.map(analysisInput)
    const analyses = (await models.analyse(inputs)).map(analysis => {
      if (analysis instanceof Error) throw analysis
      return analysis
    })
    const { vectors } = await models.embed(inputs.map((input, at) => embeddingText(input, analyses[at]!)))
    for (const [at, { video_id, category, title, tags, channel_title }] of some.entries()) {
      const vector = vectors[at]
      // The model knows too little of it: it is in no group.
      if (!(vector instanceof Float32Array)) continue
      const { topic_main, subcategories, category_high } = analyses[at]!
      const document = { title, topic_main, tags, subcategories, author: channel_title, category_high }
      understood.push({ id: video_id, category, document, vector: Array.from(vector) })
    }
    process.stderr.write(`\r${understood.length} with a vector, of ${videos.length} videos`)
  }
  await models.close()
  process.stderr.write('\n')
  writeFileSync(cache, JSON.stringify(understood))
  return understood
}
