// A worker thread that reads pages. Started by page-reader.ts.
import { serveThread } from '../../../ground/threads.ts'
import { READINGS, type ReadingRequest } from './page-readings.ts'

let page = ''

serveThread<ReadingRequest, unknown>(request => {
  if ('page' in request) page = request.page
  else
    return (READINGS[request.reading] as (page: string, ...about: unknown[]) => unknown)(
      page,
      ...request.about,
    )
})
