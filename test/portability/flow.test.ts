// The main job from end to end on this runtime, as a process of its own: on Deno and on Bun, on either database.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runDemo } from '../../scripts/demo-flow.ts'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'

/** As many as the demo once; the others are about the runtime, and each text costs the local model its time. */
const VIDEOS = usesRealPostgres ? 200 : 80

describe('the main job', () => {
  test(`saves ${VIDEOS} videos, makes them READY, groups them under readable labels`, async () => {
    const database = usesRealPostgres ? await openTestDatabase() : undefined
    // The server has this database to itself: nothing of the test is connected to it but the pool that made it.
    const result = await runDemo({ videos: VIDEOS, settings: database?.settings ?? {} }).finally(() =>
      database?.close(),
    )
    assert.equal(result.ready, VIDEOS)
    assert.equal(result.failed, 0)
    assert.ok(result.clusters.length >= 5, `${result.clusters.length} clusters`)
    for (const { label, item_count } of result.clusters) {
      assert.match(label, /\p{L}{2}/u)
      assert.ok(item_count >= 2)
    }
    assert.equal(new Set(result.clusters.map(({ label }) => label)).size, result.clusters.length)
    assert.ok(result.similar.titles.length > 0)
  })
})
