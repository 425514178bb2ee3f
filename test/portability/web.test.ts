// Pages of the open web, read on this runtime: the tags, and the main text in its thread.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readConfig } from '../../src/config.ts'
import { createFetcher } from '../../src/http/fetch.ts'
import { openMainText } from '../../src/library/platforms/main-text.ts'
import { web } from '../../src/library/platforms/web.ts'
import { createLog } from '../../src/log.ts'
import { startPlatformSimulator } from '../support/platform-simulator.ts'

describe('a page of the open web', () => {
  test('is read with its main text, and a wall is none', async () => {
    const simulator = await startPlatformSimulator()
    const config = readConfig({ ...simulator.env, PLATFORMS: 'web' })
    const context = { config, fetch: createFetcher(config).page, log: createLog(config, () => {}) }
    const ids = ['article', 'robot'].map(name => ({ external_id: name, url: `${simulator.url}/web/${name}` }))
    const fetched = await web.fetchMetadata(ids, context).finally(() => simulator.close())
    const article = fetched.get('article')!
    assert.ok('metadata' in article)
    assert.equal(article.metadata.title, 'The market on wheels')
    assert.equal(article.metadata.metadata_quality, 'full')
    assert.match(article.metadata.transcript ?? '', /The bakers come first/)
    assert.deepEqual(fetched.get('robot'), {
      problem: '127.0.0.1 showed a robot check instead of the page.',
      permanent: false,
    })
  })

  test('whose main text takes too long is left, and its thread ended', async () => {
    const slow = `<html><body><article>${'<p>The water takes what it is owed.</p>'.repeat(20_000)}</article></body></html>`
    const mainText = openMainText(20)
    assert.equal(await mainText.find(slow), null)
    await mainText.close()
  })
})
