import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../src/ground/database/connection.ts'
import { settle } from '../support/settle.ts'

/**
 * A user with `count` READY saves, a hundred at each moment, a third never viewed, every 1,000th without a title
 * and every 5,000th with "needle" in it; tables analysed. @returns the user's id
 */
export async function fillLibrary(sql: Sql, count: number): Promise<string> {
  const user = uuidv7()
  await sql`insert into users (id, email, password_hash) values (${user}, ${`${user}@example.com`}, 'none')`
  await sql`insert into libraries (user_id) values (${user})`
  await sql`
    insert into shared_contents (id, url, url_hash, source_platform, external_id, attempt, status, title, topic_main,
      category_high, caption, save_count)
    select gen_random_uuid(), 'https://youtube.com/watch?v=' || n, ${user} || n, 'youtube', n::text, gen_random_uuid(), 'READY',
      case when n % 1000 = 0 then null
        else (array['Garden', 'Kitchen', 'Travel', 'Music', 'Code'])[1 + n % 5] || ' ' || n || ' ' || md5(n::text)
          || case when n % 5000 = 1 then ' needle' else '' end end,
      'Topic ' || n % 97, (array['Tech', 'Travel', 'Learning', null])[1 + n % 4], md5((n * 7)::text), n % 50
    from generate_series(1, ${count}::integer) n`
  await sql`
    insert into user_content_saves (user_id, id, shared_content_id, raw_share_text, is_favorited, is_archived,
      last_viewed_at, created_at, updated_at)
    select ${user}, gen_random_uuid(), c.id, case when n % 10 = 0 then 'note ' || md5(n::text) end, n % 20 = 0, n % 200 = 0,
      case when n % 3 > 0 then timestamptz '2026-01-01' + n * interval '1 second' end,
      timestamptz '2026-01-01' + (n / 100) * interval '1 minute', timestamptz '2026-02-01' + (n / 100) * interval '1 minute'
    from (select id, external_id::integer as n from shared_contents where url_hash like ${`${user}%`}) c`
  await settle(sql)
  await sql`vacuum (analyze) user_content_saves, shared_contents, library_counts`
  return user
}
