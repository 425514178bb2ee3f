// The whole product on a fresh database, asked as a client would ask it. Reads as prose in a test:
//   const trove = await startTrove()
//   const alice = await trove.register()
//   const { status, body } = await alice.post('/v1/items', { url })
import { HANDLERS } from '#jobs/index'
import { createApp } from '../../src/app.ts'
import type { Config } from '../../src/config/config.ts'
import type { Context } from '../../src/context.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { makeContext } from '../../src/make-context.ts'
import { createModels, type Models } from '../../src/models/models.ts'
import type { ModelLimits } from '../../src/models/openai/provider.ts'
import { JOBS } from '../../src/rooms.ts'
import { openTestDatabase, type TestDatabase, testConfig } from './database.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
  body: any
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  send(method: string, path: string, init?: RequestInit): Promise<Answer>
}

export interface User extends Client {
  id: string
  email: string
  password: string
  token: string
}

export interface Trove extends Client {
  /** Every line of the log; nothing is printed. */
  logs: string[]
  context: Context
  database: TestDatabase
  /** The app itself, for what a client cannot ask, such as a stream. */
  handle(request: Request): Promise<Response>
  register(email?: string): Promise<User>
  /** Starts working on jobs in this process. */
  work(): Promise<void>
  /** Waits until `count` of a user's items have this status. */
  untilItems(user: Client, count: number, status?: string): Promise<void>
  stop(): Promise<void>
}

export interface Patience {
  /** For how many seconds a breaker stays open. */
  openSeconds?: number
  /** How long the provider of models is waited for. */
  modelLimits?: ModelLimits
}

/**
 * @param settings variables of the environment, such as a simulator's addresses
 * @param patience what a test of an outage has not the time for
 */
export async function startTrove(
  settings: Record<string, string> = {},
  { openSeconds, modelLimits }: Patience = {},
): Promise<Trove> {
  const database = await openTestDatabase(settings)
  const config = testConfig({ LOG_LEVEL: 'debug', ...settings, ...database.settings })
  const logs: string[] = []
  const log = createLog(config, line => logs.push(line))
  const context = makeContext(config, log, database, {
    ...(openSeconds === undefined ? {} : { breakers: { openSeconds } }),
    ...(modelLimits === undefined ? {} : { models: modelLimits }),
  })
  context.models = sharedModels(config) ?? context.models
  const { queue } = context
  await queue.start(JOBS)
  const { app, close } = createApp(context)
  const client = clientOf(request => app.handle(request))
  let users = 0

  return {
    ...client,
    logs,
    handle: async request => app.handle(request),
    context,
    database,
    register: async (email = `user${++users}-${crypto.randomUUID()}@example.com`) => {
      const password = 'correct horse battery staple'
      const { body, status } = await client.post('/v1/auth/register', { email, password })
      if (status !== 201) throw new Error(`register answered ${status}: ${body.detail}`)
      const token: string = body.access_token
      const own = clientOf(request => app.handle(request), { authorization: `Bearer ${token}` })
      return { ...own, id: body.user.id, email, password, token }
    },
    work: () => queue.work(HANDLERS, context),
    untilItems: async (user, count, status = 'READY') => {
      for (;;) {
        const { body } = await user.get(`/v1/items?status=${status}&limit=1`)
        if (body.total >= count) return
        await new Promise(resolve => setTimeout(resolve, 25))
      }
    },
    stop: async () => {
      await queue.stop(5)
      await close()
      await Promise.all([context.models.close(), context.reader.close()])
      await database.close()
    },
  }
}

let local: Models | undefined

/**
 * Local models take seconds to load and to learn, and keep nothing of whom they answer: all of a process share them.
 * Undefined where a provider may be asked.
 */
function sharedModels(config: Config): Models | undefined {
  const isLocalAlone = config.MODELS === 'local' && !config.OPENAI_API_KEY && !config.OPENAI_BASE_URL
  if (!isLocalAlone) return undefined
  local ??= createLocalOnly(config)
  return { ...local, close: async () => {} }
}

/** Nobody's budget and no breaker stands before what runs here. */
const createLocalOnly = (config: Config): Models => createModels(config, {} as never)

/** A client of anything that answers requests; `base` may be the address of a real server. */
export function clientOf(
  answer: (request: Request) => Response | Promise<Response>,
  always: Record<string, string> = {},
  base = 'http://localhost',
): Client {
  const send = async (method: string, path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { ...always, ...(init.headers as Record<string, string>) }
    const response = await answer(new Request(base + path, { ...init, method, headers }))
    const type = response.headers.get('content-type')
    // A stream has no end: what it begins with will do.
    const text = await (type === 'text/event-stream' ? beginning(response) : response.text())
    const isJson = type?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    }
  }
  return {
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers = {}) =>
      send('POST', path, {
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
  }
}

async function beginning(response: Response): Promise<string> {
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  return new TextDecoder().decode(value)
}
