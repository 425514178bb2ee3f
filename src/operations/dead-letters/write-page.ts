// The page of a few jobs, for whoever follows a link from the dashboard: no script, nothing from anywhere else.
import { escapeHtml } from '../../ground/escape-html.ts'
import { ADMIN_JOBS_PATH, DASHBOARD_PATH, DEAD_LETTERS_PATH, dashboardJob } from '../dashboard/own-page.ts'
import type { JobFacts } from './schema.ts'

export const PAGE_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
  li{margin:1rem 0;padding:.5rem 1rem;border:1px solid #8888;border-radius:.4rem;list-style:none}ul{padding:0}
  dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}dd{margin:0;overflow-wrap:anywhere}`

/** @param sendsAll whether all that is dead can be sent back from here, not only each by itself. */
export function writePage(title: string, jobs: JobFacts[], deadLetter: string, sendsAll = false): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<nav><a href="${DASHBOARD_PATH}">Queues</a> · <a href="${DEAD_LETTERS_PATH}">Dead letters</a></nav>
<h1>${escapeHtml(title)}</h1>
${sendsAll && jobs.length > 0 ? sendBack('Send all back') : ''}
<ul>${jobs.map(job => `<li>${describe(job, deadLetter)}</li>`).join('\n')}</ul>
</body>
</html>`
}

function describe(job: JobFacts, deadLetter: string): string {
  const { content, request_id, source_queue, source_job_id } = job
  const isDead = job.queue === deadLetter && job.state === 'created'
  const facts: [string, string | null][] = [
    ['Job', link(dashboardJob(job.queue, job.id), `${job.queue} ${job.id}`)],
    ['Was', source_queue && source_job_id && link(dashboardJob(source_queue, source_job_id), source_job_id)],
    [
      'State',
      `${job.state}, ${job.tries} ${job.tries === 1 ? 'try' : 'tries'}, since ${escapeHtml(job.created_at)}`,
    ],
    ['Error', job.error_message && escapeHtml(job.error_message)],
    ['Request', request_id && link(`${ADMIN_JOBS_PATH}/${encodeURIComponent(request_id)}`, request_id)],
    ['Content', content && link(`${ADMIN_JOBS_PATH}/${content.id}`, content.title ?? content.id)],
    ['Its link', content && link(content.url, content.url)],
    ['Its state', content && escapeHtml([content.status, content.error_message].filter(Boolean).join(': '))],
  ]
  const rows = facts.map(([name, value]) => (value ? `<dt>${name}</dt><dd>${value}</dd>` : '')).join('')
  const of = source_queue ?? job.queue
  return `<h2>${escapeHtml(of)}</h2><dl>${rows}</dl>${isDead ? sendBack('Send back', job.id) : ''}`
}

const sendBack = (label: string, id?: string) =>
  `<form method="post" action="${DEAD_LETTERS_PATH}/redrive">
  ${id ? `<input type="hidden" name="ids" value="${id}">` : ''}<button>${label}</button></form>`

/** What a stranger wrote may be a link only by http. */
const link = (to: string, text: string) =>
  /^(https?:|\/)/.test(to)
    ? `<a href="${escapeHtml(to)}" rel="noreferrer">${escapeHtml(text)}</a>`
    : escapeHtml(text)
