// A worker thread that reads pages. Started by page-reader.ts.
import { serveThread } from '../../threads.ts'
import { READINGS, type ReadingRequest } from './page-readings.ts'

serveThread<ReadingRequest | undefined, unknown>(request => {
  // The first call asks nothing but whether the thread is there.
  if (request) return (READINGS[request.reading] as (input: unknown) => unknown)(request.input)
})
