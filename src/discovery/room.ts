import { within } from '../ground/domain-events.ts'
import { contentReady, readySaved } from '../library/events.ts'
import type { Room } from '../room.ts'
import { copyVectors } from './copies/store.ts'
import { reembedContents } from './jobs.ts'
import { search } from './search/routes.ts'
import { startMoving } from './start-moving.ts'
import { words } from './words.ts'

/** Vectors, search and what is similar. */
export const discovery: Room = {
  name: 'discovery',
  words,
  tags: { Search: 'Finding it again.' },
  routes: [search],
  jobs: [reembedContents],
  listeners: [
    within(readySaved, (tx, { content_id, user_id }) => copyVectors(tx, [content_id], user_id)),
    within(contentReady, (tx, { content_id }) => copyVectors(tx, [content_id])),
  ],
  tables: {
    content_embeddings: { of: 'everybody', keeps: 'as long as the content and the model' },
    saved_embeddings: { of: 'user', keeps: 'as long as the save', exported: 'it repeats what the rest says' },
  },
  starts: startMoving,
}
