// Reads pages of an address as the server does, fifty at a time, and prints by how many MB the process grew at most.
//   bun test/support/read-pages.ts http://127.0.0.1:1234/linked 50
import process from 'node:process'
import { readConfig } from '../../src/config.ts'
import { createFetcher } from '../../src/http/fetch.ts'
import { createPageReader } from '../../src/library/platforms/page-reader.ts'
import { web } from '../../src/library/platforms/web.ts'
import { createLog } from '../../src/log.ts'

const [base = '', count = '1'] = process.argv.slice(2)
const config = readConfig({ PLATFORMS: 'web', FETCH_ALLOW_HOSTS: new URL(base).host })
const reader = createPageReader()
const context = { config, fetch: createFetcher(config).page, reader, log: createLog(config, () => {}) }
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
