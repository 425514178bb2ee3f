// The queue dashboard as the person on call uses it: in a real browser, from a real server, under the page's own policy.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import type { User } from '../support/app.ts'
import { leaveDying } from '../support/dying-job.ts'
import { findChromium, openBrowser, watchPage } from './chromium.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const ADMIN = { username: 'admin', password: 'admin-for-tests' }
const REQUEST = 'the-save-that-died'

const path = findChromium()
if (!path)
  console.log('Chromium is missing, so the dashboard is not opened: sh scripts/install-chromium.sh adds it.')

describe.if(path !== undefined)('the dashboard in a browser', () => {
  let served: Served
  let browser: Browser
  let page: Page
  let complaints: string[]
  let job_id: string
  let later_id: string
  let title: string
  let user: User
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove(), openBrowser(path!)])
    page = await (await browser.newContext({ httpCredentials: ADMIN })).newPage()
    page.setDefaultTimeout(20_000)
    complaints = await watchPage(page, served.base)
    await saveTwo()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  /** One that dies, and one that waits for tomorrow. */
  async function saveTwo(): Promise<void> {
    const { trove, simulator } = served
    const { sql } = trove.database
    user = await trove.register()
    const [dying, waiting] = simulator.videos
    title = dying!.title
    const save = async (id: string) =>
      (await user.post('/v1/items', { url: `https://youtu.be/${id}` }, { 'x-request-id': REQUEST })).body
    job_id = (await save(dying!.video_id)).job_id
    later_id = (await save(waiting!.video_id)).job_id
    await leaveDying(sql, job_id)
    await sql`update pgboss.job set start_after = now() + interval '1 day' where id = ${later_id}`
    await trove.work()
    await trove.untilItems(user, 1, 'FAILED')
    while ((await state(job_id)) !== 'failed') await page.waitForTimeout(20)
  }

  async function state(id: string): Promise<string | undefined> {
    const [job] = await served.trove.database.sql`select state::text from pgboss.job where id = ${id}`
    return job?.state
  }
  async function untilState(id: string, wanted: string): Promise<void> {
    while ((await state(id)) !== wanted) await page.waitForTimeout(50)
  }
  const openJob = (queue: string, id: string) =>
    page.goto(`${served.base}/admin/queues/queues/${queue}/jobs/${id}`)

  test('stays shut to a wrong password', async () => {
    const other = await browser.newPage({ httpCredentials: { ...ADMIN, password: 'a guess' } })
    const answer = await other.goto(`${served.base}/admin/queues`)
    expect(answer?.status()).toBe(401)
    expect(answer?.headers()['www-authenticate']).toStartWith('Basic realm=')
    await other.close()
  })

  test('shows the queues with their numbers, a queue with its jobs, and a job', async () => {
    const row = page.getByRole('row').filter({ hasText: 'fetch-content' })
    // The queue's own monitor counts every five seconds.
    const total = async () => {
      await page.goto(`${served.base}/admin/queues/queues`)
      return (await row.getByRole('cell').allTextContents()).includes('2')
    }
    while (!(await total())) await page.waitForTimeout(500)
    await row.getByRole('link', { name: 'fetch-content' }).click()
    await page.getByRole('heading', { name: 'fetch-content' }).waitFor()
    await page.locator('tr', { hasText: later_id }).getByRole('link').first().click()
    await page.getByText('Job detail').waitFor()
    const payload = page.locator('pre', { hasText: 'content_id' })
    expect(await payload.textContent()).toContain(`"request_id": "${REQUEST}"`)
    await page.getByRole('link', { name: 'Overview' }).first().click()
    await page.getByText('Top Queues').waitFor()
  })

  test('cancels a job and resumes it', async () => {
    await openJob('fetch-content', later_id)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel Job' }).click()
    await untilState(later_id, 'cancelled')
    await page.getByRole('button', { name: 'Resume' }).click()
    await untilState(later_id, 'created')
  })

  test('leads from a dead letter to what it was about, sends it back, and leads to its jobs', async () => {
    await page.goto(`${served.base}/admin/queues/queues/dead-letter`)
    await page.locator('tbody').getByRole('link').first().click()
    await page.getByText('Source Queue').waitFor()
    await page.getByRole('link', { name: 'Content and dead letters' }).click()
    await page.getByRole('heading', { name: 'Jobs' }).waitFor()
    const about = await page.locator('li', { hasText: 'dead-letter' }).textContent()
    for (const fact of [job_id, REQUEST, 'https://youtube.com/watch?v=', 'FAILED: '])
      expect(about).toContain(fact)
    await page.getByRole('button', { name: 'Send back' }).click()
    await page.getByRole('heading', { name: 'Dead letters: 0' }).waitFor()
    await served.trove.untilItems(user, 1)
    await page.goto(`${served.base}/admin/jobs/${job_id}`)
    await page.getByRole('link', { name: title }).first().waitFor()
    await page.getByRole('link', { name: `fetch-content ${job_id}` }).click()
    await page.getByText('Job detail').waitFor()
  })

  test('tries a failed job again', async () => {
    await openJob('fetch-content', job_id)
    await page.getByRole('button', { name: 'Retry' }).click()
    await untilState(job_id, 'completed')
  })

  test('does nothing for a page of another site, though the browser knows the password', async () => {
    const evil = await page.context().newPage()
    const target = `${served.base}/admin/queues/queues/fetch-content/jobs/${later_id}`
    const form = `<form method=post action="${target}"><input name=intent value=cancel><button>Win</button></form>`
    await evil.goto(`data:text/html,${encodeURIComponent(form)}`)
    const answered = evil.waitForResponse(target)
    await evil.getByRole('button').click()
    expect((await answered).status()).toBe(403)
    expect(await state(later_id)).toBe('created')
    await evil.close()
  })

  test('has broken no rule of its policy and asked nobody else', () => {
    expect(complaints).toEqual([])
  })
})
