// Pages of the open web, read on this runtime: the tags and the main text, in threads with a time and a memory of theirs.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readConfig } from '../../src/config/config.ts'
import { readText } from '../../src/ground/fetch/reading/read-text.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { almostJson } from '../../src/ingestion/platforms/pages/almost-json.ts'
import {
  createPageReader,
  type PageThread,
  startPageThread,
} from '../../src/ingestion/platforms/pages/page-reader.ts'
import { firstInstant } from '../../src/ingestion/platforms/pages/parse-instant.ts'
import { createPlatformFetcher } from '../../src/ingestion/platforms/platform-fetcher.ts'
import { web } from '../../src/ingestion/platforms/web/web.ts'
import { startPlatformSimulator } from '../simulators/platforms.ts'

const SLOW = '<p>The water takes what it is owed.</p>'.repeat(20_000)
const ADDRESS = { url: 'https://example.com/', asked: 'https://example.com/' }

describe('a page of the open web', () => {
  test('is read with its main text, and a wall is none', async () => {
    const simulator = await startPlatformSimulator()
    const config = readConfig({ ...simulator.env, PLATFORMS: 'web' })
    const reader = createPageReader()
    const log = createLog(config, () => {})
    const context = { config, fetch: createPlatformFetcher(config).page, reader, log }
    const ids = ['article', 'robot'].map(name => ({ external_id: name, url: `${simulator.url}/web/${name}` }))
    const fetched = await web
      .fetchMetadata(ids, context)
      .finally(() => Promise.all([simulator.close(), reader.close()]))
    const article = fetched.get('article')!
    assert.ok('metadata' in article)
    assert.equal(article.metadata.title, 'The market on wheels')
    assert.equal(article.metadata.metadata_quality, 'full')
    assert.match(article.metadata.transcript ?? '', /The bakers come first/)
    assert.deepEqual(fetched.get('robot'), {
      problem: '127.0.0.1 showed a robot check instead of the page.',
      permanent: false,
      refused: true,
    })
  })

  test('that takes too long is given up, and its thread ends sooner or later', async () => {
    const started: PageThread[] = []
    const start = (memoryMb: number) => {
      const thread = startPageThread(memoryMb)
      started.push(thread)
      return thread
    }
    const reader = createPageReader({ main_text_ms: 1 }, start)
    const late = { message: 'The page could not be read in time.', permanent: true }
    await assert.rejects(
      reader.open(SLOW, undefined, read => read('main_text')),
      late,
    )
    const read = await reader.open('<title>Quick</title>', undefined, read => read('web_page', ADDRESS))
    assert.ok('found' in read)
    assert.equal(read.found.title, 'Quick')
    assert.equal(started.length, 2)
    await started[0]!.ended
    await reader.close()
  })

  test('that takes too much memory is given up', async () => {
    // Any process has grown by more than that, also one that uses again what threads before this one have left.
    const reader = createPageReader({ memory_mb: -1_000_000 }, () => startPageThread(1_000))
    const tooLarge = { message: 'The page takes too much memory to read.', permanent: true }
    await assert.rejects(
      reader.open(SLOW.repeat(2), undefined, read => read('main_text')),
      tooLarge,
    )
    await reader.close()
  })
})

describe('what pages say oddly is read alike', () => {
  test('dates without a zone, as UTC', () => {
    const dates = [
      '2024-03-05T23:30:00',
      '2024-03-05 23:30',
      'March 5, 2024 11:30 PM',
      '2024-03-05T15:30:00-0800',
    ]
    for (const date of dates) assert.match(firstInstant([date]) ?? '', /^2024-03-05T23:30:00\.000Z$/, date)
    assert.equal(firstInstant(['20240305']), '2024-03-05T00:00:00.000Z')
    assert.equal(firstInstant(['soon', '1932-06-01']), '1932-06-01T00:00:00.000Z')
  })

  test('charsets that are declared late, or not at all', () => {
    const late = `<script>${'x'.repeat(1_200)}</script><meta charset=windows-1251>`
    assert.equal(
      readText(Buffer.concat([Buffer.from(late), Buffer.from('cff0', 'hex')]), 'text/html').slice(-2),
      'Пр',
    )
    assert.equal(readText(Buffer.from('8063e9', 'hex'), 'text/html'), '€cé')
  })

  test('JSON that is not quite JSON', () => {
    const value = { a: 'b\nc', d: [1] }
    assert.deepEqual(almostJson('<!-- {"a":"b\nc","d":[1,],} -->;'), value)
  })
})
