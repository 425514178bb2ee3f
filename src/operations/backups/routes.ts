import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../context.ts'
import { atOneMoment } from '../../ground/database/together.ts'
import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { noteJob } from '../../library/jobs/store.ts'
import { route } from '../../route.ts'
import { backupFolder } from '../settings/backup-folder.ts'
import { type Counts, countRows, DamagedBackup, hashFile } from './backup-file.ts'
import { makeBackup } from './jobs.ts'
import {
  BackupAnswer,
  BackupParams,
  BackupsAnswer,
  BackupsQuery,
  BegunAnswer,
  VerifyAnswer,
} from './schema.ts'
import {
  type BackupRow,
  countBackups,
  deleteBackup,
  findBackup,
  insertBackup,
  listBackups,
  noteVerified,
} from './store.ts'

const backupNotFound = notFound('Backup not found')
const fileNotHere = notFound('The file of this backup is not on this machine')
const backupRunning = problem(409, 'BACKUP_RUNNING', 'Another backup is being made. Wait until it is done.')
const notReady = problem(409, 'BACKUP_NOT_READY', 'This backup is not written, or could not be')

const BACKUP = {
  id: '019a5c41-5d10-7f6e-9b3c-2a4d6e8f0b12',
  status: 'READY' as const,
  bytes: 48_211,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  counts: { 'public.users': 3 },
  error_message: null,
  created_by: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  verified_at: null,
  finished_at: '2026-01-15T09:20:31.007Z',
  created_at: '2026-01-15T09:20:30.512Z',
}
const JOB_ID = '019a5c41-5d11-7c2a-8e4f-6b8d0f2a4c61'

const shown = ({ file: _, ...backup }: BackupRow) => backup

/** Where its file is, on whichever machine wrote it. */
const pathOf = (context: Context, { file }: BackupRow) => file && join(backupFolder(context), file)

const ADMINS = { tag: 'Administration', may: 'admin', in_person: true, reaches: 'everybody' } as const

const list = route(
  'GET /v1/backups',
  {
    ...ADMINS,
    id: 'listBackups',
    summary: 'The backups that were made',
    description: 'The newest first.',
    limit: 'default',
    paged: 'text',
    query: BackupsQuery,
    gives: {
      body: BackupsAnswer,
      text: 'A page of backups.',
      example: { backups: [BACKUP], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
    },
  },
  async ({ sql, page }) => {
    const [found, total] = await atOneMoment(sql, sql => [listBackups(sql, page), countBackups(sql)])
    const { rows, paging } = page.of(found)
    return { backups: rows.map(shown), total, ...paging }
  },
)

const begin = route(
  'POST /v1/backups',
  {
    ...ADMINS,
    id: 'makeBackup',
    summary: 'Back up all that the database keeps',
    description:
      'A job writes everything as it is at one moment into a file in `backup_path`. Keep ENCRYPTION_KEY and JWT_SECRET_KEY somewhere else: they are not in it. `npm run restore` puts it into an empty database.',
    limit: 'backups',
    gives: {
      status: 202,
      body: BegunAnswer,
      text: 'The backup, and the job that makes it.',
      example: {
        ...{
          ...BACKUP,
          status: 'PENDING' as const,
          bytes: null,
          sha256: null,
          counts: null,
          finished_at: null,
        },
        job_id: JOB_ID,
        links: { self: `/v1/backups/${BACKUP.id}`, job: `/v1/jobs/${JOB_ID}` },
      },
    },
    problems: [backupRunning],
    audit: { of: 'backup', actions: ['make_backup'] },
  },
  async ({ tx, user, context: { queue }, audit }) => {
    const id = uuidv7()
    const backup = await insertBackup(tx, id, user.id)
    if (!backup) throw backupRunning()
    const job_id = await queue.enqueue(tx, makeBackup, { backup_id: id })
    await noteJob(tx, user.id, makeBackup.name, job_id)
    await audit(id)
    return { ...shown(backup), job_id, links: { self: `/v1/backups/${id}`, job: `/v1/jobs/${job_id}` } }
  },
)

const getOne = route(
  'GET /v1/backups/:id',
  {
    ...ADMINS,
    id: 'getBackup',
    summary: 'One backup',
    description: 'How far it is, and what is in it.',
    limit: 'default',
    params: BackupParams,
    gives: { body: BackupAnswer, text: 'The backup.', example: BACKUP },
    problems: [backupNotFound],
  },
  async ({ sql, params }) => {
    const backup = await findBackup(sql, params.id)
    if (!backup) throw backupNotFound()
    return shown(backup)
  },
)

const download = route(
  'GET /v1/backups/:id/download',
  {
    ...ADMINS,
    id: 'downloadBackup',
    summary: 'The file of a backup',
    description: 'It lies on the machine whose worker wrote it: share `backup_path` between machines.',
    limit: 'default',
    params: BackupParams,
    gives: { text: 'The file.', media_type: 'application/gzip' },
    problems: [backupNotFound, fileNotHere, notReady],
  },
  async ({ sql, params, context, request, set }) => {
    const backup = await findBackup(sql, params.id)
    if (!backup) throw backupNotFound()
    const path = pathOf(context, backup)
    if (backup.status !== 'READY' || !path) throw notReady()
    const file = await stat(path).catch(() => undefined)
    if (!file) throw fileNotHere()
    const headers = {
      ...(set.headers as Record<string, string>),
      'content-type': 'application/gzip',
      'content-length': String(file.size),
      'content-disposition': `attachment; filename="${backup.file}"`,
      etag: `"${backup.sha256}"`,
      'cache-control': 'no-store',
    }
    if (request.method === 'HEAD') return new Response(null, { headers })
    return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, { headers })
  },
)

/** What is so of a file, until something is not. */
async function look(context: Context, backup: BackupRow) {
  const path = pathOf(context, backup)!
  const checks: { check: 'file' | 'checksum' | 'rows'; ok: boolean }[] = []
  const note = (check: 'file' | 'checksum' | 'rows', ok: boolean) => {
    checks.push({ check, ok })
    return ok
  }
  const isThere = await stat(path).then(
    ({ size }) => size === backup.bytes,
    () => false,
  )
  if (note('file', isThere) && note('checksum', (await hashFile(path)) === backup.sha256)) {
    const counts = await countRows(path).catch((error): Counts => {
      if (error instanceof DamagedBackup) return {}
      throw error
    })
    const names = Object.keys(backup.counts ?? {})
    note('rows', names.length > 0 && names.every(name => counts[name] === backup.counts![name]))
  }
  return { valid: checks.every(({ ok }) => ok), checks }
}

const verify = route(
  'POST /v1/backups/:id/verify',
  {
    ...ADMINS,
    id: 'verifyBackup',
    summary: 'Look whether a backup is whole',
    description: 'Reads the file from beginning to end: whether it is what was written.',
    limit: 'writes',
    params: BackupParams,
    gives: {
      body: VerifyAnswer,
      text: 'What was found.',
      example: {
        valid: true,
        checks: [
          { check: 'file', ok: true },
          { check: 'checksum', ok: true },
          { check: 'rows', ok: true },
        ],
      },
    },
    problems: [backupNotFound, notReady],
    audit: { of: 'backup', actions: ['verify_backup'] },
  },
  {
    prepare: async ({ sql, params, context }) => {
      const backup = await findBackup(sql, params.id)
      if (!backup) throw backupNotFound()
      if (backup.status !== 'READY') throw notReady()
      return look(context, backup)
    },
    handle: async ({ tx, params, prepared, audit }) => {
      if (prepared.valid) await noteVerified(tx, params.id)
      await audit(params.id, { valid: String(prepared.valid) })
      return prepared
    },
  },
)

const remove = route(
  'DELETE /v1/backups/:id',
  {
    ...ADMINS,
    id: 'deleteBackup',
    summary: 'Delete a backup',
    description: 'With its file.',
    limit: 'writes',
    params: BackupParams,
    gives: { text: 'It is gone.' },
    problems: [backupNotFound],
    audit: { of: 'backup', actions: ['delete_backup'] },
  },
  async ({ tx, params, context, audit }) => {
    const deleted = await deleteBackup(tx, params.id)
    if (!deleted) throw backupNotFound()
    await audit(params.id)
    const path = pathOf(context, deleted)
    // Last: what fails before leaves both.
    if (path) await rm(path, { force: true })
  },
)

export const backupRoutes = [list, begin, getOne, download, verify, remove]
