import { Elysia } from 'elysia'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { invalidField, Problem } from '../../errors.ts'
import { answers } from '../../http/openapi.ts'
import { createListener } from './listener.ts'
import { StreamAnswer } from './schema.ts'
import { findBounds, findEvents } from './store.ts'
import { type OpenStream, openStream } from './stream.ts'

/** Of one user, in one process. */
const MOST_STREAMS = 20

/**
 * What happens in the caller's library, as it happens, whichever process did it.
 * @returns the routes, and what ends the streams that are open, so that a stop need not wait for them.
 */
export function createEvents(context: Context) {
  const { database, log, metrics } = context
  const { sql } = database
  const listener = createListener(database, log)
  const open = new Map<string, Set<OpenStream>>()
  let isEnding = false

  /** Where to go on, and what to say first when some of what was missed is no longer kept. */
  async function startOf(
    userId: string,
    lastId: string | null,
  ): Promise<{ after: number; preface?: string }> {
    const { newest, oldest } = await findBounds(sql, userId)
    if (lastId === null || lastId === '') return { after: newest }
    if (!/^\d{1,15}$/.test(lastId)) {
      const rule = 'Last-Event-ID must be the id of an event of this stream'
      throw invalidField(rule, ['header', 'last-event-id'], 'event_id')
    }
    const after = Math.min(Number(lastId), newest)
    if (after === newest || (oldest > 0 && after >= oldest - 1)) return { after }
    const data = JSON.stringify({ oldest: oldest || newest + 1 })
    return { after, preface: `event: events.dropped\ndata: ${data}\n\n` }
  }

  const routes = new Elysia({ prefix: '/v1/events', tags: ['Events'] }).use(auth(context)).get(
    '',
    async ({ user, request, set }) => {
      const start = await startOf(user.id, request.headers.get('last-event-id'))
      const mine = open.get(user.id) ?? new Set<OpenStream>()
      if (mine.size >= MOST_STREAMS) {
        throw new Problem(429, 'TOO_MANY_STREAMS', `You have ${MOST_STREAMS} streams open already`, {
          retry_after: 15,
        })
      }
      const stream = openStream(
        {
          read: (after, most) => findEvents(sql, user.id, after, most),
          hear: wake => listener.hear(user.id, wake),
        },
        {
          ...start,
          closed: () => {
            mine.delete(stream)
            metrics.streams.dec()
            if (mine.size === 0 && open.get(user.id) === mine) open.delete(user.id)
          },
        },
      )
      open.set(user.id, mine.add(stream))
      metrics.streams.inc()
      if (isEnding) stream.end()
      // What buffers an answer (nginx does) would hold events back.
      Object.assign(set.headers, { 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      return new Response(stream.body, {
        headers: { ...(set.headers as Record<string, string>), 'content-type': 'text/event-stream' },
      }) as never
    },
    {
      auth: 'default',
      response: answers({ 200: StreamAnswer }, [401, 422, 429]),
      detail: { operationId: 'streamEvents', summary: 'What happens in your library, as it happens' },
    },
  )
  const end = () => {
    isEnding = true
    for (const streams of open.values()) for (const stream of [...streams]) stream.end()
  }
  return { routes, end }
}
