// Somebody of whom there is a row in every table: made through the API where that makes one, else put there.
import { createHash } from 'node:crypto'
import type { Trove, User } from '../support/app.ts'

export interface FullUser extends User {
  /** Stands in whatever is theirs and is text. */
  mark: string
  /** An address that nobody else saved, and one that others did. */
  ownUrl: string
  sharedUrl: string
  /** What must be nowhere when they are gone. */
  markers: string[]
}

export const SHARED_URL = 'https://www.youtube.com/watch?v=aaaaaaaaaaa'

let made = 0

type Ten = [string, string, string, string, string, string, string, string, string, string]

/** @param trove whose jobs wait: nobody works on them */
export async function makeFullUser(trove: Trove): Promise<FullUser> {
  const { sql } = trove.database
  const number = ++made
  const mark = `mark${number}${crypto.randomUUID().slice(0, 8)}`
  const address = `203.0.113.${100 + number}`
  const user = await trove.register(`${mark}@example.com`)
  const { id } = user
  const ownUrl = `https://${mark}.example.com/a-page`
  const headers = { 'user-agent': `${mark} browser`, 'x-request-id': `${mark}-request` }
  await user.send('PATCH', '/v1/auth/me', {
    body: JSON.stringify({ full_name: `${mark} name`, username: mark }),
    headers: { ...headers, 'content-type': 'application/json' },
  })
  for (const url of [ownUrl, SHARED_URL]) {
    const key = { ...headers, 'idempotency-key': `${mark}-${url}` }
    const { status, body } = await user.post('/v1/items', { url, raw_share_text: `${mark} note` }, key)
    if (status !== 201) throw new Error(`It was not saved: ${JSON.stringify(body)}`)
  }
  await user.post('/v1/clusters/rebuild', undefined, headers)
  const login = { email: user.email, password: user.password }
  await trove.post('/v1/auth/login', login, headers)
  await trove.post('/v1/auth/login', { ...login, password: 'not this one' }, headers)
  const saves = await sql<{ id: string; content_id: string }[]>`
    select id, shared_content_id as content_id from user_content_saves where user_id = ${id} order by id`
  const [own, shared] = saves
  const [cluster, webhook, delivery, token, client, invitation, work, tag, category, bookmark] = Array.from(
    { length: 10 },
    () => crypto.randomUUID(),
  ) as Ten
  const above = crypto.randomUUID()
  await sql`update users set preferences = ${sql.json({ theme: mark })}, created_by = ${id} where id = ${id}`
  await sql`update sessions set ip_address = ${address} where user_id = ${id}`
  await sql`update audit_entries set ip_address = ${address} where user_id = ${id}`
  await sql`update shared_contents set title = ${`${mark} title`}, thumbnail_url = ${`${ownUrl}.png`}
    where id = ${own!.content_id}`
  await sql`insert into thumbnails (content_id, hash, width) values (${own!.content_id}, md5(${mark}), 320)`
  await sql`insert into content_embeddings (content_id, model, embedding)
    values (${own!.content_id}, 'test', array_fill(0.1, array[512])::vector)`
  await sql`insert into works (user_id, id, content_type, title, data)
    values (${id}, ${work}, 'text', ${`${mark} work`}, ${sql.json({ text: mark })})`
  await sql`insert into tags (id, owner_id, name, name_key) values (${tag}, ${id}, ${`${mark} tag`}, ${`${mark} tag`})`
  await sql`insert into save_tags (user_id, save_id, tag_id, source) values (${id}, ${own!.id}, ${tag}, 'user')`
  await sql`insert into work_tags (user_id, work_id, tag_id, source) values (${id}, ${work}, ${tag}, 'user')`
  await sql`insert into bookmark_categories (user_id, id, name, query, share_token_sealed)
    values (${id}, ${category}, ${`${mark} category`}, ${mark}, ${`${mark} sealed`})`
  await sql`insert into bookmarks (user_id, id, work_id, note) values (${id}, ${bookmark}, ${work}, ${`${mark} note`})`
  await sql`insert into bookmark_memberships (user_id, bookmark_id, category_id, position)
    values (${id}, ${bookmark}, ${category}, 0)`
  await sql`insert into category_shares (token_hash, owner_id, category_id)
    values (${`${mark} hash`}, ${id}, ${category})`
  await sql`insert into tags (id, owner_id, name, name_key) values (${above}, ${id}, ${`${mark} above`}, ${`${mark} above`})`
  await sql`insert into tag_edges (child_id, parent_id, owner_id) values (${tag}, ${above}, ${id})`
  await sql`insert into tag_closure (descendant_id, ancestor_id, owner_id, depth) values (${tag}, ${above}, ${id}, 1)`
  await sql`insert into tag_aliases (id, tag_id, owner_id, name, name_key)
    values (${crypto.randomUUID()}, ${tag}, ${id}, ${`${mark} alias`}, ${`${mark} alias`})`
  await sql`insert into tag_ratings (user_id, tag_id, rating) values (${id}, ${tag}, 4.5)`
  await sql`update tags set rating_count = 1, rating_sum = 4.5 where id = ${tag}`
  await sql`insert into tag_favorites (user_id, tag_id) values (${id}, ${tag})`
  await sql`insert into dropped_tags (user_id, save_id, name_key) values (${id}, ${own!.id}, ${`${mark} dropped`})`
  await sql`insert into tag_cardinality_stats (user_id, tag_id, content_source, cardinality)
    values (${id}, ${tag}, 'items', 1)`
  await sql`insert into content_ratings (user_id, content_id, rating) values (${id}, ${work}, 4.5)`
  await sql`insert into interactions (user_id, id, content_id, interaction_type, metadata)
    values (${id}, ${crypto.randomUUID()}, ${work}, 'view', ${sql.json({ from: mark })})`
  await sql`insert into interaction_counts (user_id, interaction_type, interactions) values (${id}, 'view', 1)`
  await sql`insert into clusters (user_id, id, label, centroid, model)
    values (${id}, ${cluster}, ${`${mark} label`}, array_fill(0.1, array[512])::vector, 'test')`
  await sql`insert into cluster_members (user_id, save_id, cluster_id, similarity)
    values (${id}, ${own!.id}, ${cluster}, 0.5)`
  await sql`insert into library_maps (user_id, model, x_axis, y_axis, x_offset, y_offset)
    values (${id}, 'test', array_fill(0.1, array[512])::vector, array_fill(0.1, array[512])::vector, 0, 0)`
  await sql`insert into trash (user_id, id, kind, content_id, title, rows)
    values (${id}, ${crypto.randomUUID()}, 'save', ${own!.content_id}, ${`${mark} trashed`}, ${sql.json({ note: mark })})`
  await sql`insert into joined_saves (user_id, id, save_id) values (${id}, ${crypto.randomUUID()}, ${own!.id})`
  for (const { content_id } of [own!, shared!]) {
    await sql`
      insert into saved_contents (user_id, id, url, source_platform, status, subcategories, locations, save_count, created_at)
      values (${id}, ${content_id}, ${ownUrl}, 'web', 'READY', '[]', '[]', 1, now())`
    await sql`insert into saved_embeddings (user_id, content_id, model, embedding)
      values (${id}, ${content_id}, 'test', array_fill(0.1, array[512])::vector)`
  }
  await sql`insert into events (user_id, seq, type, data)
    values (${id}, 1, 'content.ready', ${sql.json({ url: ownUrl })})`
  await sql`insert into webhooks (user_id, id, url, events, secret_sealed)
    values (${id}, ${webhook}, ${`${ownUrl}/hook`}, '["content.ready"]', ${`${mark} sealed`})`
  await sql`insert into webhook_deliveries (user_id, id, webhook_id, event, data)
    values (${id}, ${delivery}, ${webhook}, 'content.ready', ${sql.json({ url: ownUrl })})`
  await sql`insert into password_resets (user_id, token_hash, expires_at)
    values (${id}, ${mark}, now() + interval '1 hour')`
  await sql`insert into personal_tokens (user_id, id, name, scopes, token_hash)
    values (${id}, ${token}, ${`${mark} phone`}, '["read"]', ${`${mark} hash`})`
  await sql`insert into sign_in_identities (identity_hash, account_id, issuer)
    values (${`${mark} hash`}, ${id}, ${`https://${mark}.example.com`})`
  await sql`insert into api_clients
      (id, name, permissions, acts_as_user_id, require_signature, key_hash, key_prefix, secret_sealed, created_by)
    values (${client}, ${`${mark} client`}, '["read"]', ${id}, false, ${`${mark} hash`}, 'trv_', ${`${mark} sealed`}, ${id})`
  await sql`insert into invitations (id, token_hash, email, role, created_by, expires_at)
    values (${invitation}, 'hash', ${user.email}, 'normal', ${id}, now())`
  await sql`insert into settings (key, value, version, updated_by) values (${`key ${number}`}, '1', 1, ${id})`
  await sql`insert into backups (id, status, created_by) values (${crypto.randomUUID()}, 'READY', ${id})`
  await sql`insert into rate_limits (key, window_start, hits) values (${`default ${id}`}, now(), 1)`
  // What another person, an admin, did to them.
  await sql`insert into audit_entries (user_id, id, action, resource_type, resource_id, details)
    values (${crypto.randomUUID()}, ${crypto.randomUUID()}, 'edit_user', 'user', ${id}, ${sql.json({ email: user.email })})`
  const markers = [id, mark, address, own!.content_id]
  return { ...user, mark, ownUrl, sharedUrl: SHARED_URL, markers }
}

/** All rows of a table as text, sorted. */
export async function textOf(trove: Trove, table: string, but = ''): Promise<string[]> {
  const rows = await trove.database.sql<{ text: string }[]>`
    select t::text as text from ${trove.database.sql(table)} t`
  return rows
    .map(({ text }) => text)
    .filter(text => !but || !text.includes(but))
    .sort()
}

/** Every table of the database. */
export async function allTables(trove: Trove): Promise<string[]> {
  const tables = await trove.database.sql<{ name: string }[]>`
    select n.nspname || '.' || c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'pgboss') and c.relkind in ('r', 'p') and not c.relispartition
    order by 1`
  return tables.map(({ name }) => name)
}

export const personHashOf = (id: string): string => createHash('sha256').update(id).digest('hex')
