// Saves and works of several users, of which a test knows everything, put into the database at once.
import type { Sql } from '../../src/ground/database/connection.ts'
import { settle } from '../support/settle.ts'

export interface ContentRow {
  id: string
  owner: string
  kind: 'save' | 'work'
  content_type: string
  source_type: string
  title: string | null
  created_at: string
  updated_at: string
  quality_score: number | null
  is_public: boolean
  is_nsfw: boolean
  is_approved: boolean
  is_archived: boolean
  tags: string[]
  generation_settings: Record<string, unknown> | null
}

/** Puts rows into the database. Each save is of a page of its own; a tag is its owner's. */
export async function insertContent(sql: Sql, rows: ContentRow[]): Promise<void> {
  const json = (of: ContentRow[]) => sql.json(of as never)
  const saves = rows.filter(({ kind }) => kind === 'save')
  const works = rows.filter(({ kind }) => kind === 'work')
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title, save_count)
    select id, 'https://pages.example/' || id, id, 'web', id, gen_random_uuid(), 'READY', title, 1
    from jsonb_to_recordset(${json(saves)}) as r (id uuid, title text)`
  await sql`
    insert into user_content_saves (user_id, id, shared_content_id, is_archived, is_public, quality_score, created_at,
      updated_at)
    select owner, id, id, is_archived, is_public, quality_score, created_at, updated_at
    from jsonb_to_recordset(${json(saves)}) as r (owner uuid, id uuid, is_archived boolean, is_public boolean,
      quality_score float8, created_at timestamptz, updated_at timestamptz)`
  await sql`
    insert into works (user_id, id, content_type, source_type, title, quality_score, is_approved, is_nsfw, is_public,
      generation_settings, created_at, updated_at)
    select owner, id, content_type, source_type, title, quality_score, is_approved, is_nsfw, is_public,
      nullif(generation_settings, 'null'), created_at, updated_at
    from jsonb_to_recordset(${json(works)}) as r (owner uuid, id uuid, content_type text, source_type text, title text,
      quality_score float8, is_approved boolean, is_nsfw boolean, is_public boolean, generation_settings jsonb,
      created_at timestamptz, updated_at timestamptz)`
  const tagged = rows.flatMap(({ id, owner, kind, tags }) => tags.map(name => ({ id, owner, kind, name })))
  await sql`
    insert into tags (id, owner_id, name, name_key)
    select gen_random_uuid(), owner, name, folded(name)
    from (select distinct owner, name from jsonb_to_recordset(${sql.json(tagged)}) as r (owner uuid, name text)) r
    on conflict do nothing`
  for (const kind of ['save', 'work']) {
    await sql`
      insert into ${sql(`${kind}_tags`)} (user_id, ${sql(`${kind}_id`)}, tag_id, source)
      select r.owner, r.id, t.id, 'user'
      from jsonb_to_recordset(${sql.json(tagged)}) as r (id uuid, owner uuid, kind text, name text)
      join tags t on t.owner_id = r.owner and t.name = r.name
      where r.kind = ${kind}`
  }
  await settle(sql)
}
