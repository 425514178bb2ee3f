// Makes an app of routes. What a route says of itself is done here, in one order for all: admitted and counted before its
// body is read, read before it is checked, its page and its tag before its work, its answer checked where that is tried.
import { type AnyElysia, Elysia } from 'elysia'
import type { GenericSchema } from 'valibot'
import type { Pool, Sql } from '../database/connection.ts'
import { actingAs } from '../database/row-security.ts'
import { tripped } from '../database/tripped.ts'
import type { AuditEntry } from './audit/store.ts'
import { isForm, readForm } from './body/form-body.ts'
import { readJson } from './body/json-body.ts'
import { isNotModified, notModified } from './conditional.ts'
import { once } from './idempotency/idempotency.ts'
import { readPage } from './paging.ts'
import { Problem } from './problem.ts'
import { type Answering, type Audit, aliasesOf, type Declaration, type Route } from './route.ts'
import { impliedProblems } from './route-problems.ts'
import { checkAnswer, NoQuery, requestCheck, UndeclaredProblem } from './validation.ts'

/** Who asks, as far as routes in general look. */
export interface Caller {
  id: string
  library_version: number
}

export interface MountDeps<Context, User extends Caller> {
  context: Context
  sql: Pool
  /** A transaction. */
  begin<T>(work: (tx: Sql) => Promise<T>): Promise<T>
  /** Lets a request pass, and counts it; undefined for a route that anybody may ask. @throws {Problem} 401, 403, 429 */
  admit(request: Request, set: Answering, says: Declaration): Promise<User | undefined>
  /** Counts a request `hits` times more. @throws {Problem} 429 */
  count(
    request: Request,
    set: Answering,
    says: Declaration,
    user: User | undefined,
    hits: number,
  ): Promise<unknown>
  audit(tx: Sql, request: Request, entry: AuditEntry): Promise<void>
  /** Whether answers and refusals are held against what their route declares: where it is developed and tested. */
  isStrict: boolean
}

interface Given {
  request: Request
  set: Answering
  params: Record<string, string>
  query: Record<string, never>
  body: unknown
}

/** @returns the app of these routes, to be used by another one */
export function mount<Context, User extends Caller>(
  routes: Route[],
  deps: MountDeps<Context, User>,
): AnyElysia {
  const app: AnyElysia = new Elysia()
  for (const route of routes) {
    const [handler, hooks] = [handlerOf(route, deps) as never, hooksOf(route, deps)]
    app.route(route.method, route.path, handler, hooks)
    for (const { method, path } of aliasesOf(route)) {
      app.route(method, path, handler, { ...hooks, detail: { hide: true } } as object)
    }
  }
  return app
}

/** Admission runs in the first step that a route's request has, and once. */
const admitted = new WeakMap<Request, Promise<Caller | undefined>>()

function hooksOf<Context>({ says }: Route, { admit }: MountDeps<Context, Caller>) {
  const once = ({ request, set }: Given): Promise<Caller | undefined> => {
    const user = admitted.get(request) ?? admit(request, set, says)
    admitted.set(request, user)
    return user
  }
  const check = (schema: GenericSchema | undefined, place: string) =>
    schema ? { [place]: requestCheck(schema, place) } : {}
  return {
    parse: async (given: Given) => {
      await once(given)
      const { request } = given
      return says.takes_forms && isForm(request) ? readForm(request) : readJson(request, says.largest_body)
    },
    // The log names who asked, also where nothing after this is reached.
    transform: async (given: Given) => {
      Object.assign(given, { user: await once(given) })
    },
    ...check(says.params, 'params'),
    // A page for people may be led to with any query.
    ...check(says.query ?? (says.hidden ? undefined : NoQuery), 'query'),
    ...check(says.body, 'body'),
    detail: says.hidden ? { hide: true } : { operationId: says.id, summary: says.summary, tags: [says.tag] },
  } as object
}

function handlerOf<Context, User extends Caller>(route: Route, deps: MountDeps<Context, User>) {
  const { says, method } = route
  const { status = says.gives.body ? 200 : 204, location, repeated, body: schema } = says.gives
  const work = method === 'GET' ? reading(route, deps) : changing(route, deps)
  const declared = new Set(
    [...impliedProblems(route), ...(says.problems ?? [])].map(
      ({ status, error_code }) => `${status} ${error_code}`,
    ),
  )
  const refusal = (error: unknown): unknown => {
    const known = says.problems?.find(({ constraint }) => constraint && tripped(error, constraint))
    const thrown = known ? known() : error
    const isDeclared = !(thrown instanceof Problem) || declared.has(`${thrown.status} ${thrown.error_code}`)
    return isDeclared || !deps.isStrict ? thrown : new UndeclaredProblem(route.address, thrown)
  }
  return async (given: Given & { user: User }) => {
    const { request, set, params, query, body, user } = given
    const ask = { context: deps.context, request, set, params, query, body, user }
    try {
      if (repeated) set.status = status
      const answer = await work(ask)
      const isRepeated = repeated !== undefined && set.status === 200
      if (answer instanceof Response) return answer
      if (status === 204) return new Response(null, { status })
      if (deps.isStrict) checkAnswer(schema, answer)
      if (location && !isRepeated) set.headers.location = location(answer as never)
      set.status = isRepeated ? 200 : status
      // Beside several cookies Elysia loses the type of what is no Response, where it does not run on Bun.
      return set.headers['set-cookie'] ? asJson(answer, status) : answer
    } catch (error) {
      throw refusal(error)
    }
  }
}

const asJson = (answer: unknown, status: number) =>
  new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } })

type Ask = Given & { context: unknown; user: Caller }

/** A GET: its page, then its tag, then its work. */
function reading<Context>({ says, steps }: Route, { sql }: MountDeps<Context, Caller>) {
  const { cached, paged, id } = says
  return async (ask: Ask): Promise<unknown> => {
    const { request, set, query, params, user } = ask
    let page: unknown
    if (paged) {
      const { limit, offset, cursor, ...rest } = query as { limit: never; offset: never; cursor: never }
      const kind = typeof paged === 'function' ? paged(query) : paged
      const list = [id, user?.id, ...Object.values(params ?? {}), ...Object.entries(rest).sort()]
      page = readPage({ limit, offset, cursor }, kind, list, { request, set })
    }
    const isTagged = typeof cached === 'object' ? cached.when(query) : cached === 'library'
    if (isTagged && isNotModified(request, set, user)) return notModified()
    return steps.handle({ ...ask, sql, page, prepared: undefined })
  }
}

/** Everything else: what it prepares, then its work in one transaction, once for each key. */
function changing<Context>({ says, steps, method, path }: Route, deps: MountDeps<Context, Caller>) {
  const { prepare, same, handle, finish } = steps
  const { sql } = deps
  const { audit } = says
  const status = says.gives.status ?? 200
  return async (ask: Ask): Promise<unknown> => {
    const { request, set, user, params, body } = ask
    const more = (says.counts?.(body) ?? 1) - 1
    if (more > 0) await deps.count(request, set, says, user, more)
    const auditIn =
      (tx: Sql): Audit<string> =>
      (resource_id, details = {}, more = {}) => {
        const by = { user_id: user?.id, action: audit!.actions[0], ...more }
        return deps.audit(tx, request, { ...by, resource_type: audit!.of, resource_id, details })
      }
    const prepared = prepare ? await prepare({ ...ask, sql, audit: auditIn(sql) }) : undefined
    const begin = <T>(work: (tx: Sql) => Promise<T>): Promise<T> =>
      deps.begin(tx =>
        user && says.reaches !== 'everybody' ? actingAs(tx, user.id, async () => work(tx)) : work(tx),
      )
    const effect = (tx: Sql) => handle({ ...ask, tx, audit: auditIn(tx), prepared })
    if (!says.once) {
      const answer = await begin(effect)
      return finish ? finish(answer, ask) : answer
    }
    const route = `${method} ${path.replace(/:(\w+)/g, (_, name) => params[name]!)}`
    const asked = { request, user, route, status, same: same ? same(ask) : body }
    const { body: stored, replayed } = await once({ begin }, asked, effect)
    if (replayed) set.headers['idempotency-replayed'] = 'true'
    return finish ? finish(stored, ask) : stored
  }
}
