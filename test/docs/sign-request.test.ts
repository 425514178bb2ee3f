// What docs/accounts.md says of programs: its lines run, and its code is that of the example, which is run.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTrove, type Trove, type User } from '../support/app.ts'
import { addClient } from '../support/programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLE = 'docs/examples/sign-request.ts'
const page = readFileSync(join(ROOT, 'docs/accounts.md'), 'utf8')
const sectionOf = (heading: string) =>
  page.split(/^## /m).find(section => section.startsWith(`${heading}\n`))!
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!)

let trove: Trove
let admin: User
let server: Bun.Server<undefined>
let API: string
beforeAll(async () => {
  trove = await startTrove()
  admin = await trove.register()
  await trove.database.sql`update users set role = 'admin' where id = ${admin.id}`
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: request => trove.handle(request) })
  API = `http://127.0.0.1:${server.port}/v1`
})
afterAll(async () => {
  await server.stop(true)
  await trove.stop()
})

async function run(program: string, args: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, API, ...env },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      printed += data
    })
  }
  await once(child, 'close')
  return printed
}

test('its lines run, one after the other', async () => {
  const [makeToken] = blocks(sectionOf('Tokens for your own programs'), 'sh')
  const [makeClient, withKey] = blocks(sectionOf('Programs that call with a key'), 'sh')
  const { token, scopes } = JSON.parse(await run('sh', ['-c', makeToken!], { TOKEN: admin.token }))
  expect([token.slice(0, 4), scopes]).toEqual(['trp_', ['save']])
  const { api_key } = JSON.parse(await run('sh', ['-c', makeClient!], { ADMIN: admin.token }))
  expect(JSON.parse(await run('sh', ['-c', withKey!], { KEY: api_key })).items).toEqual([])
})

test('its code is that of the example', () => {
  const [code, ...more] = blocks(page, 'ts')
  expect(more).toEqual([])
  expect(readFileSync(join(ROOT, EXAMPLE), 'utf8')).toContain(code!)
})

test.each([
  ['Bun', [process.execPath, EXAMPLE]],
  ['Deno', [join(ROOT, 'node_modules/deno/deno'), 'run', '--allow-net', '--allow-env', '--no-lock', EXAMPLE]],
])('the example signs its requests on %s', async (_, [program, ...args]) => {
  const user = await trove.register()
  const client = await addClient(trove.context, user.id, { require_signature: true })
  const env = { CLIENT_ID: client.client_id, CLIENT_SECRET: client.client_secret }
  const printed = await run(program!, args, env)
  expect(printed.trim().split('\n')).toEqual([
    'POST /items 201',
    'GET /items?status=all&limit=1 200',
    'saved 1',
  ])
})
