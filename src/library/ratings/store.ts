import type { Sql } from '../../ground/database/connection.ts'

export interface Rating {
  content_id: string
  /** 1 to 5, in halves. */
  rating: number
}

/** Keeps what a user thinks of contents, in place of what they thought before. Each content stands in it once. */
export async function rateContents(sql: Sql, userId: string, ratings: Rating[]): Promise<void> {
  // In the order of locks.
  await sql`
    insert into content_ratings (user_id, content_id, rating)
    select ${userId}::uuid, r.content_id, r.rating
    from jsonb_to_recordset(${sql.json(ratings as never)}) as r (content_id uuid, rating numeric)
    order by r.content_id
    on conflict (user_id, content_id) do update
    set rating = excluded.rating, updated_at = excluded.updated_at`
}

/** Takes a user's rating back. @returns whether there was one */
export async function unrateContent(sql: Sql, userId: string, contentId: string): Promise<boolean> {
  const { count } = await sql`
    delete from content_ratings
    where user_id = ${userId} and content_id = ${contentId}`
  return count > 0
}
