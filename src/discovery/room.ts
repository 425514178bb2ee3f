import { within } from '../ground/domain-events.ts'
import { contentReady, readySaved } from '../library/events.ts'
import type { Room } from '../room.ts'
import { copyVectors } from './copies/store.ts'
import { interactionRoutes } from './interactions/routes.ts'
import { interactionWords } from './interactions/words.ts'
import { countInteractions, reembedContents } from './jobs.ts'
import { search } from './search/routes.ts'
import { startMoving } from './start-moving.ts'
import { discoveryVariables } from './variables.ts'
import { words } from './words.ts'

/** Vectors, search, what is similar, and what users do with contents. */
export const discovery: Room = {
  name: 'discovery',
  words: [words, interactionWords],
  variables: discoveryVariables,
  tags: { Search: 'Finding it again.', Interactions: 'What was done with contents.' },
  routes: [search, ...interactionRoutes],
  jobs: [reembedContents, countInteractions],
  // Whoever wrote at midnight has committed by then.
  clock: () => [{ pattern: '10 0 * * *', job: countInteractions }],
  listeners: [
    within(readySaved, (tx, { content_id, user_id }) => copyVectors(tx, [content_id], user_id)),
    within(contentReady, (tx, { content_id }) => copyVectors(tx, [content_id])),
  ],
  tables: {
    content_embeddings: { of: 'everybody', keeps: 'as long as the content and the model' },
    saved_embeddings: { of: 'user', keeps: 'as long as the save', exported: 'it repeats what the rest says' },
    interactions: { of: 'user', keeps: 'INTERACTION_DAYS, 365', exported: true },
    interaction_counts: { of: 'user', keeps: 'as long as the account', exported: 'it can be counted' },
    interaction_days: { of: 'server', keeps: 'for good' },
  },
  starts: startMoving,
}
