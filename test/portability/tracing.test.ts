// A trace of a save, from this runtime to a receiver of OTLP.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startPlatformSimulator } from '../simulators/platforms.ts'
import { startTraceReceiver } from '../simulators/trace-receiver.ts'
import { clientOf } from '../support/app.ts'
import { openTestDatabase, usesRealPostgres } from '../support/database.ts'
import { openEvents } from '../support/events.ts'
import { startProcess } from '../support/process.ts'

describe('a trace', () => {
  test('of a save goes from the request through its jobs to the platform', async () => {
    const receiver = await startTraceReceiver()
    const platforms = await startPlatformSimulator()
    const database = usesRealPostgres ? await openTestDatabase() : undefined
    const folder = mkdtempSync(join(tmpdir(), 'trove-traces-'))
    const server = startProcess({
      ...platforms.env,
      DATA_DIR: folder,
      ...database?.settings,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: 'trove-elsewhere',
    })
    try {
      const base = await server.address()
      const account = { email: 'alice@example.com', password: 'correct horse battery staple' }
      const { body } = await clientOf(fetch, {}, base).post('/v1/auth/register', account)
      const user = clientOf(fetch, { authorization: `Bearer ${body.access_token}` }, base)
      const events = await openEvents(fetch, { token: body.access_token, base })
      await user.post('/v1/items', { url: `https://youtu.be/${platforms.videos[0]!.video_id}` })
      while ((await events.next())!.type !== 'content.ready');
      await events.close()
      server.child.kill('SIGINT')
      await server.exit
      assert.match(server.printed(), /Stopped/)

      const spans = new Map(receiver.spans.map(span => [span.spanId, span]))
      const chain: string[] = []
      let span = receiver.spans.find(({ name }) => name === 'process embed-content')
      for (; span; span = spans.get(span.parentSpanId ?? '')) chain.unshift(span.name)
      assert.deepEqual(chain, [
        'POST /v1/items',
        'process fetch-content',
        'process understand-content',
        'process embed-content',
      ])
      const asked = receiver.spans.find(({ name }) => name === 'GET')!
      assert.equal(spans.get(asked.parentSpanId!)!.name, 'process fetch-content')
      assert.equal(asked.attributes['http.response.status_code'], 200)
      assert.deepEqual([...receiver.services], ['trove-elsewhere'])
    } finally {
      server.child.kill('SIGKILL')
      await server.exit
      await Promise.all([receiver.close(), platforms.close(), database?.close()])
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
