// A thread that hangs in a pattern, where not every runtime can stop it, for a moment.
import { serveThread } from '../../src/threads.ts'

serveThread<unknown, unknown>(request => {
  if (request) return /\s+[|]\s+/.test(' '.repeat(25_000))
})
