import { Elysia } from 'elysia'
import * as v from 'valibot'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { answers } from '../../http/openapi.ts'
import { Id } from '../../http/schemas.ts'
import { describeJob } from './describe-job.ts'
import { JobAnswer } from './schema.ts'
import { findJob } from './store.ts'

/** How far a job is. */
export function jobRoutes(context: Context) {
  return new Elysia({ prefix: '/v1/jobs', tags: ['Jobs'] }).use(auth(context)).get(
    '/:id',
    async ({ params, user }) => {
      const job = await findJob(context.database.sql, user.id, params.id)
      if (!job) throw notFound('Job not found or does not concern you')
      return describeJob(job)
    },
    {
      auth: true,
      params: v.object({ id: Id }),
      response: answers({ 200: JobAnswer }, [401, 404, 422]),
      detail: { operationId: 'getJob', summary: 'How far a job is' },
    },
  )
}
