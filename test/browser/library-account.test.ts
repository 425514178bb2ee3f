// The account's page and the admin's, each part used as a person would.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import type { User } from '../support/app.ts'
import { findChromium, openBrowser } from './chromium.ts'
import { openLibrary, signIn } from './library-page.ts'
import { type Served, serveTrove } from './serve-trove.ts'

const path = findChromium()
const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const NEW_PASSWORD = 'another horse, another battery'

describe.if(path !== undefined)('/library, the account', () => {
  let served: Served
  let browser: Browser
  let page: Page
  let complaints: string[]
  let ada: User
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveTrove({ videos: [] }), openBrowser(path!)])
  })
  beforeEach(async () => {
    ;({ page, complaints } = await openLibrary(browser, served.base))
    ada = await served.trove.register()
  })
  afterEach(async () => {
    expect(complaints).toEqual([])
    await page.close()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  const panel = (name: string) => page.getByRole('region', { name, exact: true })
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const open = async (place: string, user: User) => {
    await signIn(page, user)
    await page.evaluate(`location.hash = '#/${place}'`)
    await page.locator('#main:not([aria-busy]) .panels').waitFor()
  }
  const promote = (user: User) =>
    served.trove.database.sql`update users set role = 'admin' where id = ${user.id}`

  test('keeps a profile, and says what is wrong beside the field', async () => {
    await open('account', ada)
    await panel('Profile').getByLabel('Name', { exact: true }).fill('Ada Lovelace')
    await panel('Profile').getByLabel('Username').fill('no blanks here')
    await press('Save profile')
    await panel('Profile').getByText('Must be 3 to 40 of').waitFor()
    await panel('Profile').getByLabel('Username').fill('ada')
    await press('Save profile')
    await panel('Profile').getByText('Saved.').waitFor()
    const { body } = await ada.get('/v1/auth/me')
    expect(body).toMatchObject({ full_name: 'Ada Lovelace', username: 'ada' })
  })

  test('changes a password, which says how good it is, and signs out elsewhere', async () => {
    await open('account', ada)
    await panel('Password').getByLabel('Password now').fill(ada.password)
    await panel('Password').getByLabel('New password').fill('password1')
    await panel('Password').getByRole('meter').waitFor()
    await press('Change password')
    await panel('Password').locator('[aria-invalid]').waitFor()
    await panel('Password').getByLabel('New password').fill(NEW_PASSWORD)
    await press('Change password')
    await panel('Password').getByText('Changed.').waitFor()
    expect((await ada.get('/v1/auth/me')).status).toBe(401)
  })

  test('signs out another device, and then everywhere', async () => {
    await open('account', ada)
    const sessions = panel('Where you are signed in')
    await sessions.getByRole('button', { name: 'Sign out', exact: true }).click()
    await press('Sign this device out')
    await sessions.getByText('Signed out.').waitFor()
    expect((await ada.get('/v1/auth/me')).status).toBe(401)
    await press('Sign out everywhere')
    await press('Sign out here and everywhere')
    await page.getByText('You are signed out everywhere.').waitFor()
  })

  test('makes a token that is shown once and works, and revokes it', async () => {
    await open('account', ada)
    const tokens = panel('Tokens for your programs')
    await tokens.getByLabel('Name').fill('Script')
    await tokens.getByLabel('Read your library').check()
    await press('Make a token')
    const token = await tokens.getByLabel('The token of Script').inputValue()
    const ask = () => served.trove.get('/v1/items', { authorization: `Bearer ${token}` })
    expect((await ask()).status).toBe(200)
    await press('Revoke')
    await press('Revoke it for good')
    await tokens.getByText('Revoked.').waitFor()
    expect((await ask()).status).toBe(401)
  })

  test('hands out all data, and deletes the account in time to think again', async () => {
    await open('account', ada)
    const data = panel('Your data')
    const [file] = await Promise.all([page.waitForEvent('download'), press('Download your data')])
    expect(readFileSync(await file.path(), 'utf8')).toContain(ada.email)
    await data.getByText('Delete your account').click()
    await data.getByLabel('Password').fill(ada.password)
    await press('Delete my account and all its data')
    await data.getByText('are erased on').waitFor()
    await press('Keep my account')
    await data.getByText('Your account stays.').waitFor()
    expect((await ada.get('/v1/auth/gdpr/data-deletion')).status).toBe(404)
  })

  test('goes on by its refresh token when the access token has ended', async () => {
    await open('account', ada)
    await page.evaluate(`
      const own = JSON.parse(localStorage.getItem('trove.session'))
      localStorage.setItem('trove.session', JSON.stringify({ ...own, token: own.token.slice(0, -4) + 'AAAA' }))`)
    await page.reload()
    await panel('Where you are signed in').getByText('This device').waitFor()
  })

  test('must set a new password first, where an admin has said so', async () => {
    await served.trove.database.sql`update users set must_change_password = true where id = ${ada.id}`
    await page.getByLabel('Email').fill(ada.email)
    await page.getByLabel('Password').fill(ada.password)
    await press('Sign in')
    await page.getByText('Set a new password before you go on.').waitFor()
    await panel('Password').getByLabel('Password now').fill(ada.password)
    await panel('Password').getByLabel('New password').fill(NEW_PASSWORD)
    await press('Change password')
    await panel('Profile').waitFor()
  })

  test('an admin adds, promotes, disables and removes people, and brings them back', async () => {
    await promote(ada)
    await open('admin', ada)
    const users = panel('Users')
    await users.getByText('Add a user').click()
    await users.getByLabel('Email').fill('bob@example.com')
    await users.getByLabel('First password').fill(NEW_PASSWORD)
    await press('Add user')
    await users.getByText('bob@example.com may sign in.').waitFor()
    const bob = users.getByRole('listitem').filter({ hasText: 'bob@example.com' })
    await bob.getByLabel('Role of').selectOption('superuser')
    await users.getByText('bob@example.com is superuser now.').waitFor()
    await bob.getByRole('button', { name: 'Password link' }).click()
    expect(await users.getByLabel('The link for bob@example.com').inputValue()).toContain('/library#reset=')
    await bob.getByRole('button', { name: 'Disable' }).click()
    await users.getByText('bob@example.com is disabled.').waitFor()
    await bob.getByRole('button', { name: 'Remove' }).click()
    await bob.getByRole('button', { name: 'Remove the account' }).click()
    await users.getByText('bob@example.com is in the trash.').waitFor()
    await users.getByLabel('In the trash').check()
    await bob.getByRole('button', { name: 'Restore' }).click()
    await users.getByText('bob@example.com is back.').waitFor()
  })

  test('who has lost a password sets a new one by the admin’s link', async () => {
    await promote(ada)
    const lost = await served.trove.register()
    const { body } = await ada.post(`/v1/users/${lost.id}/password-reset`)
    await page.goto(`${served.base}/library#${new URL(body.reset_url).hash.slice(1)}`)
    await page.getByLabel('New password').fill(NEW_PASSWORD)
    await press('Set password')
    await page.getByLabel('Email').fill(lost.email)
    await page.getByLabel('Password').fill(NEW_PASSWORD)
    await press('Sign in')
    await page.getByText('Nothing here yet').waitFor()
  })

  test('who is invited makes an account', async () => {
    await promote(ada)
    await open('admin', ada)
    await panel('Invitations').getByLabel('Email').fill('eve@example.com')
    await press('Invite')
    const link = await panel('Invitations').getByLabel('The invitation').inputValue()
    await press('Sign out')
    await page.goto(`${served.base}/library#${new URL(link).hash.slice(1)}`)
    await page.locator('#other-way').getByLabel('Email').fill('eve@example.com')
    await page.locator('#other-way').getByLabel('New password').fill(NEW_PASSWORD)
    await page.locator('#other-way').getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Nothing here yet').waitFor()
  })

  test('an admin lets a program in, sets what is set at run time, rotates keys and opens the queue', async () => {
    await promote(ada)
    await open('admin/clients', ada)
    await panel('Programs that call with a key').getByLabel('Name').fill('Importer')
    await press('Add program')
    const key = await page.getByLabel('The key of Importer').inputValue()
    expect((await served.trove.get('/v1/items', { 'x-api-key': key })).status).toBe(200)
    await page.getByRole('link', { name: 'Settings' }).click()
    await panel('Settings').getByLabel('Who may make an account').selectOption('closed')
    await press('Save settings')
    await panel('Settings').getByText('Saved, and in force everywhere.').waitFor()
    await press('New key')
    await panel('Signing keys').getByText('There is a new key.').waitFor()
    await panel('Settings').getByLabel('Who may make an account').selectOption('open')
    await press('Save settings')
    await panel('Settings').getByText('Saved, and in force everywhere.').waitFor()
    await press('Open the queue')
    await page.waitForURL(/admin\/queues/)
  })

  test('an admin makes a backup, looks whether it is whole, and deletes it', async () => {
    await promote(ada)
    await served.trove.work()
    await open('admin/backups', ada)
    await press('Back up now')
    const backups = panel('Backups')
    await backups.getByRole('button', { name: 'Verify' }).click()
    await backups.getByText('Whole.').waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), press('Download')])
    expect(readFileSync(await file.path()).length).toBeGreaterThan(1000)
    await press('Delete')
    await press('Delete the backup')
    await backups.getByText('Deleted.').waitFor()
  })

  test.each([
    ['light', 1280],
    ['dark', 390],
    ['light', 320],
  ] as const)('has nothing that axe objects to, in %s, %i pixels wide', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await promote(ada)
    await signIn(page, ada)
    await page.evaluate(AXE)
    const found: Record<string, unknown> = {}
    for (const place of ['account', 'admin', 'admin/clients', 'admin/settings', 'admin/backups']) {
      await page.evaluate(`location.hash = '#/${place}'`)
      await page.locator('#main:not([aria-busy]) .panels').waitFor()
      await page.getByText('Loading …').first().waitFor({ state: 'detached' })
      for (const details of await page.locator('.panel summary').all()) await details.click()
      const objections = await page.evaluate<string[]>(`(async () => {
        const { violations } = await axe.run(document, { resultTypes: ['violations'] })
        return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' at ' + target))
      })()`)
      const isWider = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
      if (objections.length > 0 || isWider) found[place] = [objections, isWider]
    }
    expect(found).toEqual({})
  })
})
