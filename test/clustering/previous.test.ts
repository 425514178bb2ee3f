// What a run finds of the groups before it, when the vectors have moved to another model.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { findPrevious } from '../../src/clustering/runs/store.ts'
import { startTrove, type Trove } from '../support/app.ts'

let trove: Trove
beforeAll(async () => {
  trove = await startTrove()
})
afterAll(() => trove.stop())

/** A vector of which only the first two numbers are not zero. */
const at = (x: number, y: number) => `[${[x, y, ...Array(510).fill(0)].join(',')}]`

test('a group of the old model is where its members are by the new one, or where it was', async () => {
  const { sql } = trove.database
  const user = await trove.register()
  const [moved, left] = [crypto.randomUUID(), crypto.randomUUID()]
  for (const [id, vectors] of [
    [moved, [at(1, 0), at(0, 1)]],
    [left, []],
  ] as const) {
    await sql`
      insert into clusters (user_id, id, label, centroid, model)
      values (${user.id}, ${id}, ${id}, ${at(0.25, 0.5)}::vector, 'old')`
    for (const [i, vector] of vectors.entries()) {
      const { body } = await user.post('/v1/items', { url: `https://youtu.be/previous00${i}` })
      await sql`
        insert into content_embeddings (content_id, model, embedding)
        values (${body.content.id}, 'new', ${vector}::vector)`
      await sql`
        insert into cluster_members (user_id, save_id, cluster_id, similarity)
        values (${user.id}, ${body.save.id}, ${id}, 1)`
    }
  }
  const middles = async (model: string) =>
    new Map(
      (await findPrevious(sql, user.id, model)).map(({ id, centroid, size }) => [
        id,
        [size, centroid[0], centroid[1]],
      ]),
    )
  const byNew = await middles('new')
  expect([byNew.get(moved), byNew.get(left)]).toEqual([
    [2, 0.5, 0.5],
    [0, 0.25, 0.5],
  ])
  expect((await middles('old')).get(moved)).toEqual([2, 0.25, 0.5])
})
