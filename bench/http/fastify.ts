// The peer on Bun: Fastify and postgres.js, without authentication, limits, validation, log or metrics. Its arguments are
// the folder that Fastify is installed in, and the file of the plan; PORT and DATABASE_URL say where.
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import postgres, { type Row } from 'postgres'
import type { Plan } from './library.ts'
import type { Statement } from './statements.ts'

/** What is used of Fastify, which is not installed where types are checked. */
interface Asked {
  headers: Record<string, string | undefined>
  params: { id: string }
  body: { url: string }
}
interface Reply {
  code(status: number): Reply
  send(body?: object): Reply
}

const [folder, file] = process.argv.slice(2)
const plan: Plan = JSON.parse(readFileSync(file!, 'utf8'))
const { default: fastify } = await import(`${folder}/node_modules/fastify/fastify.js`)
const sql = postgres(process.env.DATABASE_URL!, { max: 20, onnotice: () => {} })
const app = fastify()
const asked = plan.statements

const LIMIT = 20
const run = ({ text, parameters }: Statement, db: postgres.Sql = sql) =>
  db.unsafe(text, parameters as never[], { prepare: true })

const saveOf = (row: Row) => ({
  id: row['save.id'],
  user_id: row['save.user_id'],
  shared_content_id: row['save.shared_content_id'],
  raw_share_text: row['save.raw_share_text'],
  is_favorited: row['save.is_favorited'],
  is_archived: row['save.is_archived'],
  created_at: row['save.created_at'],
})
const contentOf = (row: Row) => ({
  id: row['content.id'],
  url: row['content.url'],
  source_platform: row['content.source_platform'],
  status: row['content.status'],
  title: row['content.title'],
  caption: row['content.caption'],
  author: row['content.author'],
  thumbnail_url: row['content.thumbnail_url'],
  thumbnail_path: row['content.thumbnail_path'],
  duration_seconds: row['content.duration_seconds'],
  category_high: row['content.category_high'],
  topic_main: row['content.topic_main'],
  subcategories: row['content.subcategories'],
  locations: row['content.locations'],
  intent: row['content.intent'],
  save_count: row['content.save_count'],
  created_at: row['content.created_at'],
})
const detailOf = (row: Row) => ({
  ...contentOf(row),
  description: row['content.description'],
  content_text: row['content.content_text'],
  tags: row['content.tags'],
  entities: row['content.entities'],
  language: row['content.language'],
  published_at: row['content.published_at'],
  visual_description: row['content.visual_description'],
  visual_tags: row['content.visual_tags'],
  metadata_source: row['content.metadata_source'],
  metadata_quality: row['content.metadata_quality'],
  analysis_source: row['content.analysis_source'],
  error_message: row['content.error_message'],
  version: row['content.version'],
  updated_at: row['content.updated_at'],
})
const itemOf = (row: Row) => ({ save: saveOf(row), content: contentOf(row) })

app.get('/v1/auth/me', async () => {
  const [user] = await run(asked.user)
  return { id: user!.id, email: user!.email, created_at: user!.created_at }
})

app.get('/v1/items', async (request: Asked, reply: Reply) => {
  const tag = request.headers['if-none-match']
  if (tag !== undefined) {
    const [user] = await run(asked.user)
    if (tag === `${plan.etag}${user!.library_version}"`) return reply.code(304).send()
  }
  const [rows, [count]] = await Promise.all([run(asked.page), run(asked.count)])
  const last = rows.length > LIMIT ? rows[LIMIT - 1]! : undefined
  const place = last && [last['page.key'], last['page.id'], plan.fingerprint]
  const items = rows.slice(0, LIMIT).map(itemOf)
  const next_cursor = place ? Buffer.from(JSON.stringify(place)).toString('base64url') : null
  return { items, total: count!.total, limit: LIMIT, offset: 0, has_more: !!place, next_cursor }
})

app.get('/v1/items/grouped', async () => {
  const rows = await run(asked.grouped)
  const groups: Record<string, { category: string; count: number; items: object[] }> = {}
  let total_items = 0
  for (const row of rows) {
    let group = groups[row.category]
    if (!group) {
      group = { category: row.category, count: row.count, items: [] }
      groups[row.category] = group
      total_items += row.count
    }
    group.items.push(itemOf(row))
  }
  return { groups, total_items }
})

app.get('/v1/items/:id', async (request: Asked) => {
  const [user] = asked.detail.parameters
  const of = ({ text }: Statement) => run({ text, parameters: [user, request.params.id] })
  const [row] = await of(asked.detail)
  of(asked.viewed).catch(console.error)
  const [cluster] = await of(asked.clusterOf)
  const save = {
    ...saveOf(row!),
    last_viewed_at: row!['save.last_viewed_at'],
    updated_at: row!['save.updated_at'],
  }
  return { save, content: detailOf(row!), cluster: cluster ?? null, similar_items: null }
})

app.get('/v1/clusters', async () => {
  const [rows, [count]] = await Promise.all([run(asked.clusters), run(asked.clusterCount)])
  const clusters = rows.map(({ place: _, ...cluster }) => cluster)
  return { clusters, total: count!.total, limit: 100, offset: 0, has_more: false, next_cursor: null }
})

app.post('/v1/items', async (request: Asked, reply: Reply) => {
  const { url } = request.body
  const { save } = plan
  let text = save.parameters
    .replaceAll(save.video, new URL(url).searchParams.get('v')!)
    .replaceAll(save.hash, createHash('sha256').update(url).digest('hex'))
  for (const id of save.ids) text = text.replaceAll(id, randomUUID())
  const parameters: unknown[][] = JSON.parse(text)
  const [content, row] = await sql.begin(async tx => {
    const [first, second, ...rest] = save.texts.map(
      (text, i) => () => run({ text, parameters: parameters[i]! }, tx as never),
    )
    // The others need nothing of each other, and go to the server at once.
    const answers = [await first!(), await second!(), ...(await Promise.all(rest.map(ask => ask())))]
    return [answers[save.content]![0]!, answers[save.item]![0]!]
  })
  const message = 'Content saved successfully. Processing has been queued.'
  return reply.code(201).send({ ...itemOf(row!), message, job_id: content!.attempt })
})

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
