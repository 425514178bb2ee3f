import type { Context } from '../../context.ts'
import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { perContext } from '../../ground/per-context.ts'
import { route } from '../../route.ts'
import { CREDENTIALS, ME } from '../examples.ts'
import { eraseUser } from '../jobs.ts'
import { lastAdmin } from '../problems.ts'
import { endSessions } from '../sessions/store.ts'
import { confirmationProblems, confirmPerson } from '../sign-in/confirm-person.ts'
import { tooBusy } from '../sign-in/turns.ts'
import { countOtherAdmins } from '../users/store.ts'
import { streamText, Unread } from './export/stream-text.ts'
import { writeExport } from './export/write-export.ts'
import { DeletionAnswer, DeletionBody, ExportAnswer } from './schema.ts'
import {
  cancelErasure,
  closeAccount,
  type Erasure,
  findErasure,
  holdAccount,
  scheduleErasure,
  setErasureStatus,
} from './store.ts'

/** Each holds a connection, and what has changed since it began is kept by the database. */
const EXPORTS_AT_ONCE = 3
const STALL_MS = 10_000
const EXPORT_MS = 15 * 60_000
/** The embedded database does nothing else meanwhile. */
const EMBEDDED_EXPORT_MS = 60_000

const tooManyExports = problem(429, 'TOO_MANY_EXPORTS', 'Other exports are under way. Try again shortly.', {
  retry_after: 30,
})
const noDeletion = notFound('No deletion of this account was asked for')

/** Exports under way in this process. */
const underWay = perContext((_: Context) => ({ count: 0 }))

async function openExport(context: Context, userId: string): Promise<ReadableStream<Uint8Array>> {
  const { database, personal, log } = context
  const open = underWay(context)
  if (open.count >= EXPORTS_AT_ONCE) throw tooManyExports()
  open.count++
  const patience = { stallMs: STALL_MS, mostMs: database.isEmbedded ? EMBEDDED_EXPORT_MS : EXPORT_MS }
  return streamText(
    send =>
      database.sql.begin('isolation level repeatable read read only', tx =>
        writeExport(tx, personal, userId, send),
      ),
    patience,
    error => {
      open.count--
      if (error && !(error instanceof Unread)) log.error('An export ended early', { error })
    },
  )
}

const exportData = route(
  'GET /v1/auth/gdpr/data-export',
  {
    id: 'exportData',
    tag: 'Accounts',
    summary: 'All that is kept of you',
    description:
      'One JSON object, sent as it is read: your account, your rows of every table, and what is known of the links that you saved, all of one moment. Secrets are left out. It ends early where it is read too slowly: nothing taken for ten seconds, or a quarter of an hour in all.',
    may: 'read',
    in_person: true,
    limit: 'exports',
    gives: {
      body: ExportAnswer,
      text: 'All of it, as a file.',
      example: {
        format: 'trove-export',
        version: 1,
        exported_at: '2026-01-15T09:12:44.120Z',
        user: { id: ME.id, email: ME.email },
        tables: { sessions: [] },
        contents: [],
      },
    },
    problems: [tooManyExports],
  },
  async ({ context, request, set, user }) => {
    const headers = {
      ...(set.headers as Record<string, string>),
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="trove-export.json"',
      'cache-control': 'no-store',
    }
    if (request.method === 'HEAD') return new Response(null, { headers })
    return new Response(await openExport(context, user.id), { headers })
  },
)

const shown = ({ id, status, scheduled_for }: Erasure) => ({
  request_id: id,
  status: status === 'running' ? ('running' as const) : ('scheduled' as const),
  scheduled_for,
})

const DELETION = {
  request_id: '019a5c3e-7c13-7b52-a4d0-6e8f1c2b3a49',
  status: 'scheduled' as const,
  scheduled_for: '2026-02-14T09:12:44.120Z',
}

const requestDeletion = route(
  'POST /v1/auth/gdpr/data-deletion',
  {
    id: 'requestDeletion',
    tag: 'Accounts',
    summary: 'Have your account and all its data erased',
    description:
      'After the days of GDPR_GRACE_DAYS, in which the account works as before and the wish can be taken back; where there are none, at once. Asked again, the answer is the same. An account without a password needs a session that is younger than ten minutes.',
    may: 'write',
    in_person: true,
    limit: 'writes',
    body: DeletionBody,
    example: { password: CREDENTIALS.password },
    gives: { status: 202, body: DeletionAnswer, text: 'When it will be done.', example: DELETION },
    problems: [...confirmationProblems, lastAdmin, tooBusy],
    audit: { of: 'user', actions: ['request_deletion'] },
  },
  {
    prepare: ({ sql, body, ...ask }) => confirmPerson(sql, ask, body?.password),
    handle: async ({ tx, user, context, audit }) => {
      const { queue, config } = context
      await holdAccount(tx, user.id)
      const known = await findErasure(tx, user.id)
      if (known) return shown(known)
      if (user.role === 'admin' && (await countOtherAdmins(tx, user.id, true)) === 0) throw lastAdmin()
      const erasure = await scheduleErasure(tx, user.id, config.GDPR_GRACE_DAYS)
      await audit(user.id)
      if (config.GDPR_GRACE_DAYS > 0) return shown(erasure)
      await setErasureStatus(tx, erasure.id, 'running')
      await closeAccount(tx, user.id)
      await endSessions(tx, user.id)
      await queue.enqueue(tx, eraseUser, { erasure_id: erasure.id })
      return shown({ ...erasure, status: 'running' })
    },
  },
)

const getDeletion = route(
  'GET /v1/auth/gdpr/data-deletion',
  {
    id: 'getDeletion',
    tag: 'Accounts',
    summary: 'Whether your account is to be erased, and when',
    description: 'Where it was asked for and not taken back.',
    may: 'read',
    in_person: true,
    limit: 'default',
    gives: { body: DeletionAnswer, text: 'When it will be done.', example: DELETION },
    problems: [noDeletion],
  },
  async ({ sql, user }) => {
    const erasure = await findErasure(sql, user.id)
    if (!erasure) throw noDeletion()
    return shown(erasure)
  },
)

const cancelDeletion = route(
  'DELETE /v1/auth/gdpr/data-deletion',
  {
    id: 'cancelDeletion',
    tag: 'Accounts',
    summary: 'Keep your account',
    description: 'Takes back the wish to have it erased.',
    may: 'write',
    in_person: true,
    limit: 'writes',
    gives: { text: 'The account stays.' },
    problems: [noDeletion],
    audit: { of: 'user', actions: ['cancel_deletion'] },
  },
  async ({ tx, user, audit }) => {
    if (!(await cancelErasure(tx, user.id))) throw noDeletion()
    await audit(user.id)
  },
)

export const privacyRoutes = [exportData, requestDeletion, getDeletion, cancelDeletion]
