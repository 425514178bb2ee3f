import { Elysia } from 'elysia'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { answers } from '../../http/openapi.ts'
import { decodeCursor, toPage } from '../../http/paging.ts'
import { AuditAnswer, AuditQuery } from './schema.ts'
import { countAudit, listAudit } from './store.ts'

/** What was done in the caller's name. */
export function auditRoutes(context: Context) {
  const { sql } = context.database

  return new Elysia({ prefix: '/v1/audit', tags: ['Operations'] }).use(auth(context)).get(
    '',
    async ({ query, user, request, set }) => {
      const list = ['audit', user.id]
      const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, 'text', list).id
      const [found, total] = await Promise.all([
        listAudit(sql, user.id, { ...query, limit: query.limit + 1 }, after),
        countAudit(sql, user.id),
      ])
      const { rows, paging } = toPage(found, query, list, { request, set })
      return { entries: rows, total, ...paging }
    },
    {
      auth: 'default',
      query: AuditQuery,
      response: answers({ 200: AuditAnswer }, [400, 401, 422]),
      detail: { operationId: 'listAudit', summary: 'What was done in your name' },
    },
  )
}
