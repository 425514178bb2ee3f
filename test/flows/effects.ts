// What the worker chain has written, counted: each number has one right value when nothing was lost or done twice.
import type { Sql } from '../../src/ground/database/connection.ts'

export interface Effects {
  contents: number
  ready: number
  /** Contents whose `save_count` is not the number of their saves. */
  miscounted: number
  vectors: number
  embedded: number
  /** Saves that were told of understanding once, of embedding once, and of READY once. */
  told_once: number
  progress_events: number
  ready_events: number
  failed_events: number
  /** Rows of library_counts that differ from what is counted anew. */
  wrong_counts: number
  chain_jobs: number
  completed_jobs: number
  dead_letters: number
  /** Jobs that a worker had in hand when it went away, or that failed. */
  retried_jobs: number
}

/** Counts everything in the database: nothing else may have been saved in it. */
export async function countEffects(sql: Sql): Promise<Effects> {
  const [found] = await sql<[Effects]>`
    with chain as (
      select state, retry_count
      from pgboss.job
      where name in ('fetch-content', 'understand-content', 'embed-content')
    ), told as (
      select user_id, data ->> 'save_id' as save_id
      from events
      group by user_id, data ->> 'save_id'
      having count(*) filter (where type = 'job.progress' and data ->> 'stage' = 'understanding') = 1
        and count(*) filter (where type = 'job.progress' and data ->> 'stage' = 'embedding') = 1
        and count(*) filter (where type = 'content.ready') = 1
    ), counted as (
      select user_id, status, category, is_archived, is_favorited, count(*) as items
      from user_content_saves
      group by 1, 2, 3, 4, 5
    ), wrong as (
      select from counted
      full join (select user_id, status, category, is_archived, is_favorited, items from library_counts where items <> 0) kept
        using (user_id, status, category, is_archived, is_favorited)
      where counted.items is distinct from kept.items
    )
    select
      (select count(*) from shared_contents) as contents,
      (select count(*) from shared_contents where status = 'READY') as ready,
      (select count(*) from shared_contents c where c.save_count <>
        (select count(*) from user_content_saves s where s.shared_content_id = c.id)) as miscounted,
      (select count(*) from content_embeddings) as vectors,
      (select count(distinct content_id) from content_embeddings) as embedded,
      (select count(*) from told) as told_once,
      (select count(*) from events where type = 'job.progress') as progress_events,
      (select count(*) from events where type = 'content.ready') as ready_events,
      (select count(*) from events where type = 'content.failed') as failed_events,
      (select count(*) from wrong) as wrong_counts,
      (select count(*) from chain) as chain_jobs,
      (select count(*) from chain where state = 'completed') as completed_jobs,
      (select count(*) from pgboss.job where name = 'dead-letter') as dead_letters,
      (select count(*) from chain where retry_count > 0) as retried_jobs`
  return found
}

/** What the counts must be after `saves` saves of as many contents. */
export const onceEach = (saves: number): Omit<Effects, 'retried_jobs'> => ({
  contents: saves,
  ready: saves,
  miscounted: 0,
  vectors: saves,
  embedded: saves,
  told_once: saves,
  progress_events: 2 * saves,
  ready_events: saves,
  failed_events: 0,
  wrong_counts: 0,
  chain_jobs: 3 * saves,
  completed_jobs: 3 * saves,
  dead_letters: 0,
})
