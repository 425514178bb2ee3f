// Contents with vectors as real ones are: groups within groups, and a little of their own in a few directions.
import { once } from 'node:events'
import { v7 as uuidv7 } from 'uuid'
import { seededRandom } from '../../src/clustering/engine/kmeans/seeded-random.ts'
import type { Database } from '../../src/ground/database/connection.ts'
import { EMBEDDING_DIMENSIONS as DIMENSIONS } from '../../src/vocabulary.ts'
import { settle } from '../../test/support/settle.ts'

const GROUPS = 60
const SUBGROUPS = 1500
/** The noise lies in so many directions: texts do not differ in all of 512. */
const FREEDOM = 40

const random = seededRandom(7)
const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const direction = () => unit(Float32Array.from({ length: DIMENSIONS }, gaussian))

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return vector.map(value => value / length)
}

const groups = Array.from({ length: GROUPS }, direction)
const subgroups = Array.from({ length: SUBGROUPS }, direction)
const freedom = Array.from({ length: FREEDOM }, direction)

/** The n-th content's vector, of unit length. */
function vectorOf(n: number): Float32Array {
  const sub = n % SUBGROUPS
  const vector = new Float32Array(DIMENSIONS)
  const add = (of: Float32Array, weight: number) => {
    for (let d = 0; d < DIMENSIONS; d++) vector[d]! += weight * of[d]!
  }
  add(groups[sub % GROUPS]!, 1)
  add(subgroups[sub]!, 0.8)
  for (const of of freedom) add(of, (0.7 * gaussian()) / Math.sqrt(FREEDOM))
  return unit(vector)
}

/** Public videos that somebody has. @returns the ids of the contents, in the order of n. */
export async function fillContents({ sql }: Database, count: number, model: string): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7())
  for (let from = 0; from < count; from += 5000) {
    const rows = ids.slice(from, from + 5000).map((id, i) => ({ id, n: from + i }))
    await sql`
      insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title,
        is_shareable, save_count)
      select x.id, 'v' || x.n, 'v' || x.n, 'youtube', 'v' || x.n, gen_random_uuid(), 'READY', 'Content ' || x.n, true, 1
      from jsonb_to_recordset(${sql.json(rows)}) as x (id uuid, n integer)`
  }
  const stream =
    await sql`copy content_embeddings (content_id, model, embedding) from stdin (format binary)`.writable()
  stream.write(Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]))
  for (const [n, id] of ids.entries()) {
    if (!stream.write(copyRow(id, model, vectorOf(n)))) await once(stream, 'drain')
  }
  stream.end(Buffer.from([0xff, 0xff]))
  await once(stream, 'finish')
  return ids
}

/** https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"; a vector as pgvector receives it. */
function copyRow(id: string, model: string, vector: Float32Array): Buffer {
  const name = Buffer.from(model)
  const row = Buffer.alloc(2 + 4 + 16 + 4 + name.length + 4 + 4 + 4 * DIMENSIONS)
  let at = row.writeInt16BE(3)
  at = row.writeInt32BE(16, at)
  at += row.write(id.replaceAll('-', ''), at, 'hex')
  at = row.writeInt32BE(name.length, at)
  at += name.copy(row, at)
  at = row.writeInt32BE(4 + 4 * DIMENSIONS, at)
  at = row.writeInt16BE(DIMENSIONS, at)
  at = row.writeInt16BE(0, at)
  for (const value of vector) at = row.writeFloatBE(value, at)
  return row
}

/** A user who saved `count` of the contents, drawn at random. */
export async function fillUser({ sql }: Database, ids: string[], count: number): Promise<string> {
  const user = uuidv7()
  await sql`insert into users (id, email, password_hash) values (${user}, ${`${user}@example.com`}, 'none')`
  await sql`insert into libraries (user_id) values (${user})`
  const drawn = [...ids]
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (drawn.length - i))
    ;[drawn[i], drawn[other]] = [drawn[other]!, drawn[i]!]
  }
  const mine = drawn.slice(0, count)
  for (let from = 0; from < count; from += 5000) {
    await sql`
      insert into user_content_saves (user_id, id, shared_content_id)
      select ${user}, gen_random_uuid(), x::uuid
      from jsonb_array_elements_text(${sql.json(mine.slice(from, from + 5000))}) x`
  }
  await settle(sql)
  return user
}
