// The SQL of the peers: Trove's rows, one column a field, whatever Trove itself makes of it. What it does for a save is
// taken from itself (capture.ts), since a queue's part in it is no text of ours.

const SAVE_COLUMNS = `
  s.id as "save.id", s.user_id as "save.user_id", s.shared_content_id as "save.shared_content_id",
  s.raw_share_text as "save.raw_share_text", s.is_favorited as "save.is_favorited",
  s.is_archived as "save.is_archived", s.created_at as "save.created_at"`

const CONTENT_COLUMNS = `
  c.id as "content.id", c.url as "content.url", c.source_platform as "content.source_platform",
  c.status as "content.status", c.title as "content.title", c.caption as "content.caption",
  c.author as "content.author", c.thumbnail_url as "content.thumbnail_url",
  '/v1/thumbnails/' || c.id || '/' || md5(c.thumbnail_url) as "content.thumbnail_path",
  c.duration_seconds as "content.duration_seconds", c.category_high as "content.category_high",
  c.topic_main as "content.topic_main", c.subcategories as "content.subcategories",
  c.locations as "content.locations", c.intent as "content.intent", c.save_count as "content.save_count",
  c.created_at as "content.created_at"`

const DETAIL_COLUMNS = `
  c.description as "content.description", c.content_text as "content.content_text",
  c.tags as "content.tags", c.entities as "content.entities", c.language as "content.language",
  c.published_at as "content.published_at", c.visual_description as "content.visual_description",
  c.visual_tags as "content.visual_tags", c.metadata_source as "content.metadata_source",
  c.metadata_quality as "content.metadata_quality", c.analysis_source as "content.analysis_source",
  c.error_message as "content.error_message", c.version as "content.version", c.updated_at as "content.updated_at"`

export interface Statement {
  text: string
  parameters: unknown[]
}

/** What the peers ask for a user; of two ids the second is a save's, put there by who asks. */
export const statementsOf = (user: string, save: string) => ({
  user: {
    text: `
      select u.id, u.email, u.role, u.created_at, l.version as library_version
      from users u
      join libraries l on l.user_id = u.id
      where u.id = $1`,
    parameters: [user],
  },
  page: {
    text: `
      select page.key as "page.key", page.id as "page.id", ${SAVE_COLUMNS}, ${CONTENT_COLUMNS}
      from (
        select s.created_at as key, s.id
        from user_content_saves s
        where s.user_id = $1 and s.status = $2 and s.is_archived = $3
        order by s.created_at desc, s.id desc
        limit $4 offset $5) page
      join user_content_saves s on s.user_id = $6 and s.id = page.id
      join shared_contents c on c.id = s.shared_content_id
      order by page.key desc nulls last, page.id desc`,
    parameters: [user, 'READY', false, 21, 0, user],
  },
  count: {
    text: `
      select coalesce(sum(s.items), 0)::integer as total
      from library_counts s
      where s.user_id = $1 and s.status in ($2) and s.is_archived in ($3)`,
    parameters: [user, 'READY', false],
  },
  grouped: {
    text: `
      with groups as (
        select category, sum(items)::integer as count
        from library_counts
        where user_id = $1 and status in ($2) and not is_archived
        group by category
        having sum(items) > 0
      )
      select g.category, g.count, ${SAVE_COLUMNS}, ${CONTENT_COLUMNS}
      from groups g
      cross join lateral (
        select n.id
        from user_content_saves n
        where n.user_id = $3 and n.status in ($4) and not n.is_archived and n.category = g.category
        order by n.created_at desc, n.id desc
        limit $5
      ) newest
      join user_content_saves s on s.user_id = $6 and s.id = newest.id
      join shared_contents c on c.id = s.shared_content_id
      order by g.count desc, g.category, s.created_at desc, s.id desc`,
    parameters: [user, 'READY', user, 'READY', 10, user],
  },
  clusters: {
    text: `
      with ordered as materialized (
        select c.id, row_number() over (order by c.updated_at desc, c.id desc)::integer as place
        from clusters c
        where c.user_id = $1 and c.item_count >= $2
      )
      select o.place, c.id, c.label, c.cluster_type, c.short_description, c.item_count, c.keywords, c.created_at,
        c.updated_at, coalesce(samples.items, '[]') as sample_items
      from ordered o
      join clusters c on c.user_id = $3 and c.id = o.id
      left join lateral (
        select jsonb_agg(jsonb_build_object('id', x.id, 'title', x.title, 'thumbnail_url', x.thumbnail_url,
          'thumbnail_path', x.thumbnail_path) order by x.similarity desc, x.id) as items
        from (
          select o.id, o.title, o.thumbnail_url, '/v1/thumbnails/' || o.id || '/' || md5(o.thumbnail_url) as thumbnail_path,
            m.similarity
          from cluster_members m
          join user_content_saves s on s.user_id = m.user_id and s.id = m.save_id
          join shared_contents o on o.id = s.shared_content_id
          where m.user_id = c.user_id and m.cluster_id = c.id
          order by m.similarity desc, o.id
          limit 3
        ) x
      ) samples on true
      where o.place > $4::integer
      order by o.place
      limit $5`,
    parameters: [user, 1, user, 0, 101],
  },
  clusterCount: {
    text: 'select count(*)::integer as total from clusters c where c.user_id = $1 and c.item_count >= $2',
    parameters: [user, 1],
  },
  item: {
    text: `
      select ${SAVE_COLUMNS}, ${CONTENT_COLUMNS}
      from user_content_saves s
      join shared_contents c on c.id = s.shared_content_id
      where s.user_id = $1 and s.id = $2`,
    parameters: [user, save],
  },
  detail: {
    text: `
      select ${SAVE_COLUMNS}, s.last_viewed_at as "save.last_viewed_at", s.updated_at as "save.updated_at",
        s.version as "edits.version", ${CONTENT_COLUMNS}, ${DETAIL_COLUMNS}
      from user_content_saves s
      join shared_contents c on c.id = s.shared_content_id
      where s.user_id = $1 and s.id = $2`,
    parameters: [user, save],
  },
  viewed: {
    text: 'update user_content_saves set last_viewed_at = now() where user_id = $1 and id = $2',
    parameters: [user, save],
  },
  clusterOf: {
    text: `
      select c.id, c.label, c.cluster_type, c.short_description
      from cluster_members m
      join clusters c on c.user_id = m.user_id and c.id = m.cluster_id
      where m.user_id = $1 and m.save_id = $2`,
    parameters: [user, save],
  },
})
