// What is shown of a save or a work. Of other people's saves the content alone: no title, category or note of theirs.
import type { Sql } from '../../../ground/database/connection.ts'
import { isSpread } from '../../../ground/database/layout.ts'
import { nestRow } from '../../items/nest-row.ts'
import type { ContentDetail } from '../schema.ts'
import { type Nested, readRow } from './read-row.ts'

/** What a save `s` is joined with for its content `c`, whoever saved it. */
export const contentOfAnySave = (sql: Sql) =>
  isSpread(sql)
    ? sql`saved_contents c on c.user_id = s.user_id and c.id = s.shared_content_id`
    : sql`shared_contents c on c.id = s.shared_content_id`

/** Joins rows `p` (kind, user_id, id) with what is known of them. */
export const rowJoins = (sql: Sql, viewer: string) => sql`
  left join user_content_saves s on p.kind = 'save' and s.user_id = p.user_id and s.id = p.id
  left join ${contentOfAnySave(sql)}
  left join works w on p.kind = 'work' and w.user_id = p.user_id and w.id = p.id
  left join users u on u.id = p.user_id
  left join content_ratings r on r.user_id = ${viewer} and r.content_id = p.id`

/**
 * The columns of rows that are joined so, to be read by `readRow`.
 * @param owner whose rows show what is their own
 */
export const rowColumns = (sql: Sql, owner: string) => sql`
  p.kind, p.id, p.user_id as creator_id, u.username as creator_username,
  case when p.kind = 'work' then w.title when p.user_id = ${owner} then s.title else c.title end as title,
  coalesce(w.content_type, 'link') as content_type, coalesce(w.source_type, 'regular') as source_type,
  left(w.data ->> 'text', ${EXCERPT}) as excerpt, w.file_url,
  coalesce(w.thumbnail_url, c.thumbnail_url) as thumbnail_url, w.width, w.height, w.file_size, w.mime_type, w.prompt,
  w.content_category, w.character_id, w.character_name,
  coalesce((${tagsOf(sql, sql`source = 'user'`)}), '[]') as tags,
  case when p.user_id = ${owner} then coalesce((${tagsOf(sql, sql`source = 'ai'`)}), '[]') else '[]' end as ai_tags,
  coalesce(w.quality_score, s.quality_score) as quality_score, r.rating::float8 as user_rating,
  coalesce(w.is_approved, false) as is_approved, coalesce(w.is_nsfw, false) as is_nsfw,
  coalesce(w.is_public, s.is_public) as is_public, coalesce(w.times_used, 0) as times_used,
  c.url as "link.url", c.source_platform as "link.source_platform", c.status as "link.status",
  c.author as "link.author", c.duration_seconds as "link.duration_seconds",
  case when p.user_id = ${owner} then coalesce(s.own_category, c.category_high) else c.category_high end
    as "link.category_high",
  c.topic_main as "link.topic_main",
  coalesce(w.created_at, s.created_at) as created_at, coalesce(w.updated_at, s.updated_at) as updated_at`

/** How many characters of a text a list shows. */
const EXCERPT = 300

const tagsOf = (sql: Sql, source: ReturnType<Sql>) => sql`
  select jsonb_agg(t.name order by t.name_key)
  from (
    select tag_id from save_tags where user_id = s.user_id and save_id = s.id and ${source}
    union all
    select tag_id from work_tags where user_id = w.user_id and work_id = w.id and ${source}
  ) x
  join tags t on t.id = x.tag_id`

export interface FoundContent {
  kind: 'save' | 'work'
  user_id: string
  /** Counts its edits. */
  version: number
  content: ContentDetail
}

/** A save or a work of the viewer's, or somebody else's that is public. */
export async function findContent(sql: Sql, viewer: string, id: string): Promise<FoundContent | undefined> {
  const [row] = await sql`
    with p as (
      select 'save' as kind, user_id, id from user_content_saves where user_id = ${viewer} and id = ${id}
      union all
      select 'work', user_id, id from works where user_id = ${viewer} and id = ${id}
      union all
      select 'save', user_id, id from user_content_saves
      where id = ${id} and is_public and not is_archived and user_id <> ${viewer}
      union all
      select 'work', user_id, id from works where id = ${id} and is_public and user_id <> ${viewer}
    )
    select ${rowColumns(sql, viewer)}, w.data, w.negative_prompt, w.generation_settings,
      coalesce(w.version, s.version) as version
    from p
    ${rowJoins(sql, viewer)}`
  if (!row) return undefined
  const { version, ...shown } = nestRow<Nested<ContentDetail> & { version: number }>(row)
  return {
    kind: shown.kind,
    user_id: shown.creator_id,
    version,
    content: readRow<ContentDetail>(shown as never),
  }
}
