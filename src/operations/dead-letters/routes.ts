// For the person on call: what failed for good, what it was about, and how to try it again. JSON, or a page for a browser.
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { DEAD_LETTER } from '../../queue.ts'
import { audit } from '../audit/store.ts'
import { adminRoutes, isForm } from '../dashboard/admit-admin.ts'
import { ADMIN_JOBS_PATH, DEAD_LETTERS_PATH, dashboardJob } from '../dashboard/own-page.ts'
import { AnyId, DeadLettersQuery, type JobFacts, RedriveBody } from './schema.ts'
import { countDeadLetters, findRelatedJobs, listDeadLetters } from './store.ts'
import { PAGE_POLICY, writePage } from './write-page.ts'

const MOST_RELATED = 50

export function deadLetterRoutes(context: Context) {
  const { database, log, queue } = context
  const { sql } = database

  return new Elysia({ name: 'dead-letters', detail: { hide: true } })
    .use(adminRoutes(context))
    .get(
      DEAD_LETTERS_PATH,
      async ({ query, request }) => {
        const [jobs, total] = await Promise.all([
          listDeadLetters(sql, DEAD_LETTER, query.limit),
          countDeadLetters(sql, DEAD_LETTER),
        ])
        if (wantsPage(request)) return page(writePage(`Dead letters: ${total}`, jobs, DEAD_LETTER, true))
        return { dead_letters: jobs.map(withLinks), total }
      },
      { admin: true, query: DeadLettersQuery },
    )
    .post(
      `${DEAD_LETTERS_PATH}/redrive`,
      async ({ body, request }) => {
        const ids = body?.ids
        const sent = await queue.redrive(ids)
        // The queue sends on a connection of its own, so this stands in no transaction with it.
        await audit(sql, request, {
          user_id: undefined,
          action: 'redrive',
          resource_type: 'job',
          details: { sent, dead_letters: ids ?? 'all' },
        })
        log.info('Dead letters were sent back', { sent })
        if (!isForm(request)) return { sent }
        return new Response(null, { status: 303, headers: { location: DEAD_LETTERS_PATH } })
      },
      { admin: true, body: RedriveBody },
    )
    .get(
      `${ADMIN_JOBS_PATH}/:id`,
      async ({ params, request }) => {
        const jobs = await findRelatedJobs(sql, params.id, MOST_RELATED)
        const [first] = jobs
        if (!first) throw notFound('The queue knows no job, content or request of this id')
        if (wantsPage(request)) return page(writePage('Jobs', jobs, DEAD_LETTER))
        return { content: first.content, jobs: jobs.map(withLinks) }
      },
      { admin: true, params: AnyId },
    )
}

const withLinks = (job: JobFacts) => ({
  ...job,
  links: { self: `${ADMIN_JOBS_PATH}/${job.id}`, dashboard: dashboardJob(job.queue, job.id) },
})

const wantsPage = ({ headers }: Request): boolean => (headers.get('accept') ?? '').includes('text/html')

const page = (html: string): Response =>
  new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-store',
    },
  })
