// Follows one save from POST to READY in three ways at once: it asks for the job, reads the stream of events, and is
// called by a webhook. Each way alone is enough; docs/events-and-webhooks.md says when to use which.
//
// In one terminal, Trove, which may call this machine at port 8787 although its address is private:
//   FETCH_ALLOW_HOSTS=127.0.0.1:8787 npm run simulator
// In another, this file:
//   sh scripts/run.sh bun docs/examples/follow-a-save.ts
//   sh scripts/run.sh deno run --allow-net --allow-env --no-lock docs/examples/follow-a-save.ts
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import process from 'node:process'

const { BASE_URL = 'http://127.0.0.1:3000', RECEIVER_PORT = '8787' } = process.env
const { LINK = 'https://www.youtube.com/watch?v=wQD1JvJZXdI' } = process.env

/** Nothing here waits for longer than two minutes. */
const deadline = new AbortController()
const timer = setTimeout(() => deadline.abort(new Error('It took longer than two minutes')), 120_000)

/** Yours, or that of a user who is made for this run. */
let token = process.env.TOKEN
if (!token) {
  const somebody = { email: `${crypto.randomUUID()}@example.com`, password: crypto.randomUUID() }
  token = (await ask('POST', '/v1/auth/register', somebody)).access_token as string
}

// The order matters: the stream and the webhook tell what happens from now on, so both are there before the save.
const webhook = await startWebhook()
const stream = await openEvents()

const { save, content, job_id } = await ask('POST', '/v1/items', { url: LINK })
console.log(`saved    ${LINK} as ${save.id}`)

if (job_id) {
  await Promise.all([followByJob(job_id), followByEvents(stream, save.id), webhook.untilDone(save.id)])
} else {
  // Somebody had saved the link before, so Trove knows it. Nothing happens then, and nothing is told.
  console.log(`saved    it is ${content.status} already: there is nothing to follow. Try another LINK.`)
  await stream.cancel()
}
await webhook.stop()
clearTimeout(timer)

// ------------------------------------------------------------------------------------------------ 1. the job

/** Asks how far the job is until it has ended. It stands for the whole chain: fetch, understand, embed. */
async function followByJob(jobId: string): Promise<void> {
  for (;;) {
    const { status, stage, progress, error_message } = await ask('GET', `/v1/jobs/${jobId}`)
    console.log(`job      ${stage} ${progress} %${error_message ? `: ${error_message}` : ''}`)
    if (status === 'READY' || status === 'FAILED') return
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}

// --------------------------------------------------------------------------------------------- 2. the stream

interface StreamEvent {
  /** The number of the event, by which a lost stream goes on. */
  id: string | undefined
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: each type has data of its own
  data: any
}

/** @param lastId the id of the last event that was seen; without it the stream begins now */
async function openEvents(lastId?: string): Promise<ReadableStream<Uint8Array>> {
  const headers = { authorization: `Bearer ${token}`, ...(lastId ? { 'last-event-id': lastId } : {}) }
  const response = await fetch(`${BASE_URL}/v1/events`, { headers, signal: deadline.signal })
  if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}`)
  return response.body
}

/** Server-Sent Events are blocks of lines with an empty line after each; a line that begins with `:` is a comment. */
async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      const data = field('data')
      if (data !== undefined) yield { id: field('id'), type: field('event')!, data: JSON.parse(data) }
    }
  }
}

/** Reads until the save has ended, and goes on where it stopped when the connection is lost. */
async function followByEvents(stream: ReadableStream<Uint8Array>, saveId: string): Promise<void> {
  let lastId: string | undefined
  for (let connections = 1; ; connections++) {
    try {
      for await (const { id, type, data } of readEvents(stream)) {
        lastId = id ?? lastId
        if (type === 'events.dropped') console.log('events   some are no longer kept: read your lists anew')
        if (data.save_id !== saveId) continue
        console.log(`events   ${id} ${type} ${data.stage ?? data.status}`)
        if (type === 'content.ready' || type === 'content.failed') return
        // Leaving the loop closes the connection. Here that is done once on purpose; a network does it by itself.
        if (connections === 1) break
      }
    } catch (error) {
      if (deadline.signal.aborted) throw error
    }
    console.log(`events   connection closed, going on after ${lastId ?? 'now'}`)
    await new Promise(resolve => setTimeout(resolve, 1000))
    stream = await openEvents(lastId)
  }
}

// -------------------------------------------------------------------------------------------- 3. the webhook

/** Starts a server for Trove to call, and tells Trove of it. */
async function startWebhook() {
  let secret = ''
  const seen = new Set<string>()
  const ended = new Set<string>()
  let look = () => {}

  const server = createServer(async (request, response) => {
    // The signature is over the bytes as they came: read them before anything parses them.
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const isGenuine = await verify(request.headers, body, secret)
    // Answer at once and work later: what has no answer after fifteen seconds is sent again.
    response.writeHead(isGenuine ? 204 : 401).end()
    if (!isGenuine) return console.log('webhook  refused: not signed by Trove')

    // A delivery may come more than once, with the same id.
    const id = String(request.headers['webhook-id'])
    if (seen.has(id)) return
    seen.add(id)
    const { event, data } = JSON.parse(body)
    console.log(`webhook  ${event} ${data.status} "${data.title}", signature verified`)
    ended.add(data.save_id)
    look()
  })
  server.listen(Number(RECEIVER_PORT), '127.0.0.1')
  await once(server, 'listening')

  const registered = await ask('POST', '/v1/webhooks/register', {
    url: `http://127.0.0.1:${RECEIVER_PORT}/trove`,
    events: ['content.ready', 'content.failed'],
  })
  // It is shown this once. A real receiver keeps it where it keeps its passwords.
  secret = registered.secret

  return {
    untilDone: (saveId: string) =>
      new Promise<void>((resolve, reject) => {
        look = () => ended.has(saveId) && resolve()
        look()
        deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason))
      }),
    async stop() {
      await ask('DELETE', `/v1/webhooks/${registered.id}`)
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Whether a request is from Trove, and fresh: https://www.standardwebhooks.com by hand. */
async function verify(headers: IncomingHttpHeaders, body: string, secret: string): Promise<boolean> {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const age = Math.abs(Date.now() / 1000 - Number(timestamp))
  if (!(age < 300)) return false

  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey(
    'raw',
    fromBase64(secret.slice('whsec_'.length)),
    algorithm,
    false,
    ['verify'],
  )
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  // For a day after the secret was changed there are two signatures, and one of them is right.
  for (const signature of String(headers['webhook-signature']).split(' ')) {
    const [version, value = ''] = signature.split(',')
    if (version === 'v1' && (await crypto.subtle.verify('HMAC', key, fromBase64(value), signed))) return true
  }
  return false
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}

// ------------------------------------------------------------------------------------------------- the rest

/** What a request answered, as JSON. The shapes stand at /docs. */
// biome-ignore lint/suspicious/noExplicitAny: each route has an answer of its own
async function ask(method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const init = { method, headers, signal: deadline.signal, ...(body && { body: JSON.stringify(body) }) }
  const response = await fetch(BASE_URL + path, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
