// The platforms and the model provider as a process of their own, so that they take no turn of the server's loop.
// A line `calls` on its input is answered with what was asked so far, a line `forget` forgets it.
import process from 'node:process'
import { createInterface } from 'node:readline'
import { startOpenaiSimulator } from '../../test/simulators/openai.ts'
import { startPlatformSimulator } from '../../test/simulators/platforms.ts'
import { videosFor } from './videos.ts'

const [videos = '400', latency = '0'] = process.argv.slice(2)
const options = { latency_ms: Number(latency) }
const platforms = await startPlatformSimulator({ ...options, videos: videosFor(Number(videos)) })
const models = await startOpenaiSimulator(options)
process.stdout.write(`${JSON.stringify({ ...platforms.env, ...models.env })}\n`)

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'forget') {
    platforms.requests.length = 0
    models.recover()
  } else process.stdout.write(`${JSON.stringify(countCalls())}\n`)
}
await platforms.close()
await models.close()

/** Calls by source, and of how many items each was. */
function countCalls(): Record<string, number[]> {
  const asked = [
    ...platforms.requests.map(({ source, count }) => [source, count] as const),
    ...models.calls.map(({ route, count }) => [route, count] as const),
  ]
  const sources = Map.groupBy(asked, ([source]) => source)
  return Object.fromEntries([...sources].map(([source, calls]) => [source, calls.map(([, count]) => count)]))
}
