import * as v from 'valibot'
import { atOneMoment } from '../../ground/database/together.ts'
import { notFound } from '../../ground/http/problems.ts'
import { Id } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { JOB_ID, SAVE } from '../examples.ts'
import { describeJob } from './describe-job.ts'
import { JobAnswer, JobsAnswer, JobsQuery } from './schema.ts'
import { countJobs, findJob, listJobs } from './store.ts'

const jobNotFound = notFound('Job not found or does not concern you')

const JOB = {
  id: JOB_ID,
  type: 'fetch-content',
  status: 'PROCESSING',
  progress: 40,
  stage: 'understanding',
  error_message: null,
  attempts: 1,
  request_id: '7b0c8a52-6f1e-4c7d-9d3a-2f4b5e6c7d80',
  created_at: '2026-01-15T09:14:02.310Z',
  updated_at: '2026-01-15T09:14:03.120Z',
  links: { self: `/v1/jobs/${JOB_ID}`, item: `/v1/items/${SAVE.id}` },
}

const list = route(
  'GET /v1/jobs',
  {
    id: 'listJobs',
    tag: 'Jobs',
    summary: 'The jobs that concern you',
    description:
      'The runs of the worker chain on what the caller saved, and the clusterings of their library, the newest first.',
    may: 'read',
    limit: 'default',
    paged: 'text',
    query: JobsQuery,
    gives: {
      body: JobsAnswer,
      text: 'A page of jobs.',
      example: { jobs: [JOB], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
    },
  },
  async ({ sql, query, user, page }) => {
    const [found, total] = await atOneMoment(sql, sql => [
      listJobs(sql, user.id, query, page),
      countJobs(sql, user.id, query),
    ])
    const { rows, paging } = page.of(found)
    return { jobs: rows.map(describeJob), total, ...paging }
  },
)

const get = route(
  'GET /v1/jobs/:id',
  {
    id: 'getJob',
    tag: 'Jobs',
    summary: 'How far a job is',
    description: 'A job that concerns the caller: on their library, or on a content that they saved.',
    may: 'read',
    limit: 'default',
    params: v.object({ id: Id }),
    gives: {
      body: JobAnswer,
      text: 'The job’s progress, including the jobs that it caused.',
      example: JOB,
    },
    problems: [jobNotFound],
  },
  async ({ sql, params, user }) => {
    const job = await findJob(sql, user.id, params.id)
    if (!job) throw jobNotFound()
    return describeJob(job)
  },
)

/** How far the jobs are that concern a user. */
export const jobRoutes = [list, get]
