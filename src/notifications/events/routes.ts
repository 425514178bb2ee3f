import { mayGoOn } from '../../accounts/admission/admit.ts'
import type { Context } from '../../context.ts'
import { problem } from '../../ground/http/problem.ts'
import { invalidField } from '../../ground/http/problems.ts'
import { perContext } from '../../ground/per-context.ts'
import { SAVE } from '../../library/examples.ts'
import { route } from '../../route.ts'
import { createListener } from './listener.ts'
import { StreamAnswer } from './schema.ts'
import { findBounds, findEvents } from './store.ts'
import { type OpenStream, openStream } from './stream.ts'

/** Of one user, in one process. */
const MOST_STREAMS = 20

const tooManyStreams = problem(429, 'TOO_MANY_STREAMS', `You have ${MOST_STREAMS} streams open already`, {
  retry_after: 15,
})
const noEventId = invalidField(
  'Last-Event-ID must be the id of an event of this stream',
  ['header', 'last-event-id'],
  'event_id',
)

const JOB_ID = '019a5c40-11df-7ab4-8f6e-1c7d3b925e60'
const STREAM = `retry: 2000

id: 41
event: job.progress
data: {"job_id":"${JOB_ID}","save_id":"${SAVE.id}","content_id":"${SAVE.shared_content_id}","status":"PROCESSING","stage":"embedding","progress":70}

id: 42
event: content.ready
data: {"job_id":"${JOB_ID}","save_id":"${SAVE.id}","content_id":"${SAVE.shared_content_id}","status":"READY","title":"Flat white in Lisbon"}

`

/** The streams that are open in this process. */
export const eventStreams = perContext(({ database, log, metrics }: Context) => {
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
    if (!/^\d{1,15}$/.test(lastId)) throw noEventId()
    const after = Math.min(Number(lastId), newest)
    if (after === newest || (oldest > 0 && after >= oldest - 1)) return { after }
    const data = JSON.stringify({ oldest: oldest || newest + 1 })
    return { after, preface: `event: events.dropped\ndata: ${data}\n\n` }
  }

  return {
    /** @throws {Problem} 422 for an id that is none, 429 for too many */
    open: async (
      userId: string,
      lastId: string | null,
      mayGoOn: () => Promise<boolean>,
    ): Promise<OpenStream> => {
      const start = await startOf(userId, lastId)
      const mine = open.get(userId) ?? new Set<OpenStream>()
      if (mine.size >= MOST_STREAMS) throw tooManyStreams()
      const stream = openStream(
        {
          mayGoOn,
          read: (after, most) => findEvents(sql, userId, after, most),
          hear: wake => listener.hear(userId, wake),
        },
        {
          ...start,
          closed: () => {
            mine.delete(stream)
            metrics.streams.dec()
            if (mine.size === 0 && open.get(userId) === mine) open.delete(userId)
          },
        },
      )
      open.set(userId, mine.add(stream))
      metrics.streams.inc()
      if (isEnding) stream.end()
      return stream
    },
    /** Ends all of them, so that a stop need not wait. */
    end: () => {
      isEnding = true
      for (const streams of open.values()) for (const stream of [...streams]) stream.end()
    },
  }
})

/** What happens in the caller's library, as it happens, whichever process did it. */
export const streamEvents = route(
  'GET /v1/events',
  {
    id: 'streamEvents',
    tag: 'Events',
    summary: 'What happens in your library, as it happens',
    description: `Server-Sent Events: \`job.progress\`, \`content.ready\`, \`content.failed\` and \`clusters.updated\`, whichever process did
the work. Each has the number that it has in the library as its \`id\`: with \`Last-Event-ID\` a stream goes on after that
number, for seven days. \`events.dropped\` says that some of what was missed is no longer kept. A comment comes every
fifteen seconds. A stream ends with what let it in, fifteen seconds later at most, and after an hour: open it again.`,
    may: 'read',
    limit: 'default',
    gives: {
      body: StreamAnswer,
      text: 'A stream that stays open.',
      media_type: 'text/event-stream',
      example: STREAM,
    },
    problems: [tooManyStreams],
  },
  async ({ user, request, set, context }) => {
    const stream = await eventStreams(context).open(
      user.id,
      request.headers.get('last-event-id'),
      mayGoOn(context, request, user),
    )
    // What buffers an answer (nginx does) would hold events back.
    Object.assign(set.headers, { 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    return new Response(stream.body, {
      headers: { ...(set.headers as Record<string, string>), 'content-type': 'text/event-stream' },
    })
  },
)
