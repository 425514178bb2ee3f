// A thread that hangs in a pattern, where not every runtime can stop it, for a second or so.
import { serveThread } from '../../src/ground/threads.ts'

serveThread<object, unknown>(request => {
  if ('reading' in request) return /\s+[|]\s+/.test(' '.repeat(40_000))
})
