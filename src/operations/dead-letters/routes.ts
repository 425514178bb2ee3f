// For the person on call: what failed for good, what it was about, and how to try it again. JSON, or a page for a browser.
import { isForm } from '../../ground/http/body/form-body.ts'
import { notFound } from '../../ground/http/problems.ts'
import { DEAD_LETTER } from '../../ground/queue/queue.ts'
import { route } from '../../route.ts'
import { ADMIN_JOBS_PATH, DEAD_LETTERS_PATH, dashboardJob } from '../dashboard/own-page.ts'
import { AnyId, DeadLettersQuery, type JobFacts, RedriveBody } from './schema.ts'
import { countDeadLetters, findRelatedJobs, listDeadLetters } from './store.ts'
import { PAGE_POLICY, writePage } from './write-page.ts'

const MOST_RELATED = 50

const unknownToQueue = notFound('The queue knows no job, content or request of this id')

const ADMINS = { tag: 'Admin', may: 'operate', limit: 'admin', hidden: true } as const

const list = route(
  `GET ${DEAD_LETTERS_PATH}`,
  {
    ...ADMINS,
    id: 'listDeadLetters',
    summary: 'What failed for good',
    query: DeadLettersQuery,
    gives: { text: 'The newest jobs that failed for good, or a page of them.' },
  },
  async ({ sql, query, request }) => {
    const [jobs, total] = await Promise.all([
      listDeadLetters(sql, DEAD_LETTER, query.limit),
      countDeadLetters(sql, DEAD_LETTER),
    ])
    if (wantsPage(request)) return page(writePage(`Dead letters: ${total}`, jobs, DEAD_LETTER, true))
    return Response.json({ dead_letters: jobs.map(withLinks), total })
  },
)

const redrive = route(
  `POST ${DEAD_LETTERS_PATH}/redrive`,
  {
    ...ADMINS,
    id: 'redrive',
    summary: 'Send jobs back to their queues',
    takes_forms: true,
    body: RedriveBody,
    gives: { text: 'How many were sent back.' },
    audit: { of: 'job', actions: ['redrive'] },
  },
  {
    // The queue sends on a connection of its own, so this stands in no transaction with the audit.
    prepare: ({ body, context: { queue } }) => queue.redrive(body?.ids),
    handle: async ({ audit, body, request, context: { log }, prepared: sent }) => {
      await audit(undefined, { sent, dead_letters: body?.ids ?? 'all' })
      log.info('Dead letters were sent back', { sent })
      if (!isForm(request)) return Response.json({ sent })
      return new Response(null, { status: 303, headers: { location: DEAD_LETTERS_PATH } })
    },
  },
)

const related = route(
  `GET ${ADMIN_JOBS_PATH}/:id`,
  {
    ...ADMINS,
    id: 'findRelatedJobs',
    summary: 'The jobs that belong together',
    params: AnyId,
    gives: { text: 'The jobs on one content, or of one request, or a page of them.' },
    problems: [unknownToQueue],
  },
  async ({ sql, params, request }) => {
    const jobs = await findRelatedJobs(sql, params.id, MOST_RELATED)
    const [first] = jobs
    if (!first) throw unknownToQueue()
    if (wantsPage(request)) return page(writePage('Jobs', jobs, DEAD_LETTER))
    return Response.json({ content: first.content, jobs: jobs.map(withLinks) })
  },
)

export const deadLetterRoutes = [list, redrive, related]

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
