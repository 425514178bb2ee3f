// Reads pages of an address as the server does, fifty at a time, and prints by how many MB the process grew at most.
//   bun test/support/read-pages.ts http://127.0.0.1:1234/linked 50

import process from 'node:process'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/ground/log/log.ts'
import { createPageReader } from '../../src/ingestion/platforms/pages/page-reader.ts'
import { createPlatformFetcher } from '../../src/ingestion/platforms/platform-fetcher.ts'
import { web } from '../../src/ingestion/platforms/web/web.ts'

const [base = '', count = '1'] = process.argv.slice(2)
const config = readConfig({ PLATFORMS: 'web', FETCH_ALLOW_HOSTS: new URL(base).host })
const reader = createPageReader()
const context = {
  config,
  fetch: createPlatformFetcher(config).page,
  reader,
  log: createLog(config, () => {}),
}
const ids = Array.from({ length: Number(count) }, (_, i) => ({ external_id: String(i), url: `${base}?${i}` }))

const before = process.memoryUsage.rss()
let peak = before
const look = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 10)
const fetched = await web.fetchMetadata(ids, context)
clearInterval(look)
await reader.close()
const read = [...fetched.values()].filter(one => 'metadata' in one).length
process.stdout.write(JSON.stringify({ read, grown_mb: Math.round((peak - before) / 1e6) }))
process.exit(0)
