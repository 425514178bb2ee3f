import type { Room } from '../room.ts'
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
  tables: {
    content_embeddings: { of: 'everybody', keeps: 'as long as the content and the model' },
    saved_embeddings: { of: 'user', keeps: 'as long as the save', exported: 'it repeats what the rest says' },
  },
  starts: startMoving,
}
