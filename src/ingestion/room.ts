import type { Room } from '../room.ts'
import { embedContent, fetchContent, reconcileContents, understandContent } from './jobs.ts'
import { ingestionListeners } from './listeners.ts'
import { ingestionVariables } from './variables.ts'

/** Reading links: fetch, understand, embed. */
export const ingestion: Room = {
  name: 'ingestion',
  variables: ingestionVariables,
  jobs: [fetchContent, understandContent, embedContent, reconcileContents],
  clock: () => [{ pattern: '17 * * * *', job: reconcileContents }],
  listeners: ingestionListeners,
}
