import { Elysia } from 'elysia'
import * as v from 'valibot'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { answers } from '../../http/openapi.ts'
import { decodeCursor, toPage } from '../../http/paging.ts'
import { Id } from '../../http/schemas.ts'
import { describeJob } from './describe-job.ts'
import { JobAnswer, JobsAnswer, JobsQuery } from './schema.ts'
import { countJobs, findJob, listJobs } from './store.ts'

/** How far the jobs are that concern a user. */
export function jobRoutes(context: Context) {
  const { sql } = context.database

  return new Elysia({ prefix: '/v1/jobs', tags: ['Jobs'] })
    .use(auth(context))
    .get(
      '',
      async ({ query, user, request, set }) => {
        const list = ['jobs', user.id, query.status, query.type]
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 'text', list).id
        const [found, total] = await Promise.all([
          listJobs(sql, user.id, { ...query, limit: query.limit + 1 }, after),
          countJobs(sql, user.id, query),
        ])
        const { rows, paging } = toPage(found, query, list, { request, set })
        return { jobs: rows.map(describeJob), total, ...paging }
      },
      {
        auth: 'default',
        query: JobsQuery,
        response: answers({ 200: JobsAnswer }, [400, 401, 422]),
        detail: { operationId: 'listJobs', summary: 'The jobs that concern you' },
      },
    )
    .get(
      '/:id',
      async ({ params, user }) => {
        const job = await findJob(sql, user.id, params.id)
        if (!job) throw notFound('Job not found or does not concern you')
        return describeJob(job)
      },
      {
        auth: 'default',
        params: v.object({ id: Id }),
        response: answers({ 200: JobAnswer }, [401, 404, 422]),
        detail: { operationId: 'getJob', summary: 'How far a job is' },
      },
    )
}
