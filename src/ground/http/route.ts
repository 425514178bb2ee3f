// A route is one declaration: its address, who may ask, which limit counts it, its words, what it takes and gives, what it
// may refuse, and how it behaves. All else that is known of routes is read from these: the document, 405, the names of
// limits, the words of the audit log, and the tests that every route passes.
import type { GenericSchema, InferInput, InferOutput } from 'valibot'
import type { Pool, Sql } from '../database/connection.ts'
import type { LimitName } from './limits/limits.ts'
import type { KeyKind, Page } from './paging.ts'
import type { ProblemKind } from './problem.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Address = `${Method} /${string}`
type Schema = GenericSchema
type Read<S> = S extends Schema ? InferOutput<S> : undefined
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that gives nothing has no return
type Written<S> = S extends Schema ? InferInput<S> : void

/** The part of Elysia's `set` that routes write. */
export interface Answering {
  /** A list is as many headers of the name. */
  headers: Record<string, string | number | string[]>
  status?: number | string
}

/** What is audited: on which kind of thing, and the words for what is done to it. */
export interface Audited<Action extends string = string> {
  of: string
  actions: readonly [Action, ...Action[]]
}

/** What a route says of itself. */
export interface Declaration<
  May extends string = string,
  Params = Schema | undefined,
  Query = Schema | undefined,
  Body = Schema | undefined,
  Gives = Schema | undefined,
  Action extends string = string,
> {
  /** The operation's name in the document and in generated clients. */
  id: string
  tag: string
  summary: string
  description?: string
  /** The permission that it takes, or `anybody`. */
  may: May
  /** For who has signed in, and for no program that has a token or a key of theirs. */
  in_person?: true
  /** Also for who must set a new password before anything else. */
  before_password_change?: true
  /** What counts it. `none` is for probes, which ask every few seconds and must always be answered. */
  limit: LimitName | 'none'
  /** How many times a request counts, where it asks for several things at once; all of them or none fit. */
  counts?: (body: Read<Body>) => number
  params?: Params
  query?: Query
  body?: Body
  /** A body that a client might send. */
  example?: unknown
  /** In bytes, where it is not 64 KiB. */
  largest_body?: number
  /** It takes what a form of a page sends, too: each field with all its values. */
  takes_forms?: true
  gives: {
    /** 200, or 204 where there is no body. */
    status?: 200 | 201 | 202
    body?: Gives
    text: string
    /**
     * What it says where the same was done before, by what the request itself holds and not by an `Idempotency-Key`: then
     * its work sets the status 200, and there is no `Location`.
     */
    repeated?: string
    example?: unknown
    /** Where it is not JSON. */
    media_type?: string
    /** Where the new thing is: then the answer has a `Location`. */
    location?: (body: Written<Gives>) => string
  }
  /** Its own refusals. Those that follow from what else it says are not repeated. */
  problems?: ProblemKind[]
  /** It takes an `Idempotency-Key`: sent again, it has its effect once. */
  once?: true
  /**
   * It answers 304. `library`: as long as the caller's library is as it was, and `when` says so. `own`: the handler
   * compares a tag of its own.
   */
  cached?: 'library' | 'own' | { when: (query: Read<Query>) => boolean }
  /** Pages with cursors: what the list is sorted by. */
  paged?: KeyKind | ((query: Read<Query>) => KeyKind)
  /** It takes `If-Match`. */
  guarded?: true
  audit?: Audited<Action>
  /** What it changes is not the caller's alone: it does not act as them (sql/0024). */
  reaches?: 'everybody'
  /** Further addresses at which it answers, with the same names of ids: deprecated, for clients of other systems. */
  aliases?: Address[]
  /** Not part of the API's description. */
  hidden?: true
}

/** What every step of a route is given. */
interface Asked<Context, User, Params, Query, Body> {
  context: Context
  request: Request
  set: Answering
  user: User
  params: Read<Params>
  query: Read<Query>
  body: Read<Body>
}

/**
 * Records what was done, in the transaction that does it: to which thing, and the details; never a secret, never a note.
 * Unless said otherwise it is the first of the declared actions, by whoever asks.
 */
export type Audit<Action extends string> = (
  resource_id: string | undefined,
  details?: Record<string, string | string[] | number>,
  more?: { action?: Action; user_id?: string | undefined },
) => Promise<void>

type Handling<Of extends Address, Action extends string> = Of extends `GET ${string}`
  ? { sql: Pool; page: Page }
  : { tx: Sql; audit: Audit<Action> }

/** A route's work, where it is more than one function. */
interface Steps<Ask, Preparing, Handled, Prepared, Stored, Sent> {
  /** Before the transaction: what takes time, or waits for others. */
  prepare?(ask: Ask & Preparing): Prepared | Promise<Prepared>
  /** What a request under an `Idempotency-Key` is recognised by, where that is not the body, which may hold a secret. */
  same?(ask: Ask): unknown
  handle(ask: Ask & Handled & { prepared: Prepared }): Stored | Response | Promise<Stored | Response>
  /** What is sent: what `handle` gave, or what was stored under the key when it was sent before. */
  finish?(stored: Stored, ask: Ask): Sent | Promise<Sent>
}

export interface Route {
  address: Address
  method: Method
  path: `/${string}`
  // biome-ignore lint/suspicious/noExplicitAny: a list holds routes of all schemas
  says: Declaration<any, any, any, any, any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  steps: Steps<any, any, any, any, any, any>
}

/** Under which the whole API answers as well. */
export const ALIAS_PREFIX = '/api'

/** Everywhere else that a route answers. */
export function aliasesOf({ method, path, says }: Route): { method: Method; path: string }[] {
  const own = (says.aliases ?? []).map(address => {
    const [method, path] = address.split(' ') as [Method, string]
    return { method, path }
  })
  const all = [{ method, path: path as string }, ...own]
  const prefixed = all.filter(({ path }) => path.startsWith('/v1/'))
  return [...own, ...prefixed.map(({ method, path }) => ({ method, path: ALIAS_PREFIX + path }))]
}

/** Makes the function that declares routes, for what they work with, who asks, and the permissions that there are. */
export const routesOf =
  <Context, User, Permission extends string>() =>
  <
    const Of extends Address,
    May extends Permission | 'anybody',
    Prepared,
    Stored = void,
    Params extends Schema | undefined = undefined,
    Query extends Schema | undefined = undefined,
    Body extends Schema | undefined = undefined,
    Gives extends Schema | undefined = undefined,
    const Action extends string = string,
  >(
    address: Of,
    says: Declaration<May, Params, Query, Body, Gives, Action>,
    work:
      | ((
          ask: Asked<Context, May extends 'anybody' ? undefined : User, Params, Query, Body> &
            Handling<Of, Action>,
        ) => Written<Gives> | Response | Promise<Written<Gives> | Response>)
      | Steps<
          Asked<Context, May extends 'anybody' ? undefined : User, Params, Query, Body>,
          { sql: Sql; audit: Audit<Action> },
          Handling<Of, Action>,
          Prepared,
          Stored,
          Written<Gives>
        >,
  ): Route => {
    const [method, path] = address.split(' ') as [Method, `/${string}`]
    return { address, method, path, says, steps: typeof work === 'function' ? { handle: work } : work }
  }
