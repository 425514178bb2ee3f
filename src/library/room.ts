import { userErased } from '../accounts/events.ts'
import { within } from '../ground/domain-events.ts'
import type { Room } from '../room.ts'
import { collectionRoutes } from './collections/routes.ts'
import { resealShares } from './collections/sharing/share-category.ts'
import { dropSharesOf } from './collections/sharing/store.ts'
import { collectionWords } from './collections/words.ts'
import { contentRoutes } from './content/routes.ts'
import { contentWords } from './content/words.ts'
import { eraseSaves, eraseTrash } from './contents/erase-saves.ts'
import { listSavedContents } from './contents/store.ts'
import { itemRoutes } from './items/routes.ts'
import { dropJobsOfGone } from './jobs/store.ts'
import { jobRoutes } from './progress/routes.ts'
import { eraseTags } from './tags/erase-tags.ts'
import { refreshTagCardinality, refreshTagHierarchy } from './tags/jobs.ts'
import { markRoutes } from './tags/marks/routes.ts'
import { mergeRoutes } from './tags/merge/routes.ts'
import { offerListeners } from './tags/on-saves/offer-tags.ts'
import { saveTagRoutes } from './tags/on-saves/routes.ts'
import { getPopular } from './tags/popular/routes.ts'
import { tagRoutes } from './tags/routes.ts'
import { treeRoutes } from './tags/tree/routes.ts'
import { tagWords } from './tags/words.ts'
import { getThumbnail, pictureMaker } from './thumbnails/routes.ts'
import { emptyTrashes } from './trash/jobs.ts'
import { trashRoutes } from './trash/routes.ts'
import { trashWords } from './trash/words.ts'
import { libraryVariables } from './variables.ts'
import { words } from './words.ts'
import { workRoutes } from './works/routes.ts'

export const library: Room = {
  name: 'library',
  words: [words, trashWords, contentWords, collectionWords, tagWords],
  variables: libraryVariables,
  tags: {
    Items: 'What you saved.',
    Content: 'What you saved and what you made, in one list, with what others have made public.',
    Collections: 'Bookmarks of saves and works, in categories that can be shared.',
    Tags: 'What you call things, and how these names stand beneath each other.',
    Trash: 'What you removed.',
    Jobs: 'What the server is doing for you.',
  },
  routes: [
    ...itemRoutes,
    ...saveTagRoutes,
    ...tagRoutes,
    ...treeRoutes,
    ...markRoutes,
    ...mergeRoutes,
    getPopular,
    ...trashRoutes,
    ...contentRoutes,
    ...workRoutes,
    getThumbnail,
    ...collectionRoutes,
    ...jobRoutes,
  ],
  jobs: [emptyTrashes, refreshTagHierarchy, refreshTagCardinality],
  clock: () => [
    // Before drop-old-rows: contents that nothing holds any more may go in the same night.
    { pattern: '20 3 * * *', job: emptyTrashes },
    { pattern: '50 3 * * *', job: refreshTagCardinality },
  ],
  tables: {
    libraries: { of: 'user', keeps: 'as long as the account', exported: 'it holds counters alone' },
    library_counts: { of: 'user', keeps: 'as long as the account', exported: 'it can be counted' },
    user_content_saves: { of: 'user', keeps: 'until it is removed', exported: true },
    saved_contents: { of: 'user', keeps: 'as long as the save', exported: 'it repeats what the rest says' },
    joined_saves: { of: 'user', keeps: 'as long as the save', exported: 'it holds ids alone' },
    trash: { of: 'user', keeps: 'TRASH_DAYS', exported: true },
    works: { of: 'user', keeps: 'until it is removed', exported: true },
    tags: {
      of: 'everybody',
      keeps: 'until it is removed',
      exported: true,
      by: 'owner_id',
      erasure: 'the user’s own go',
    },
    save_tags: { of: 'user', keeps: 'as long as the save', exported: true },
    work_tags: { of: 'user', keeps: 'as long as the work', exported: true },
    tag_edges: {
      of: 'everybody',
      keeps: 'as long as both tags',
      exported: true,
      by: 'owner_id',
      erasure: 'the user’s own go',
    },
    tag_closure: {
      of: 'everybody',
      keeps: 'as long as both tags',
      exported: 'it follows from tag_edges',
      by: 'owner_id',
      erasure: 'the user’s own go',
    },
    tag_aliases: {
      of: 'everybody',
      keeps: 'as long as the tag',
      exported: true,
      by: 'owner_id',
      erasure: 'the user’s own go',
    },
    tag_ratings: { of: 'user', keeps: 'until it is removed', exported: true },
    tag_favorites: { of: 'user', keeps: 'until it is removed', exported: true },
    dropped_tags: { of: 'user', keeps: 'as long as the save', exported: true },
    tag_cardinality_stats: { of: 'user', keeps: 'until it is counted again', exported: 'it can be counted' },
    shared_tag_stats: { of: 'everybody', keeps: 'until it is counted again' },
    content_ratings: { of: 'user', keeps: 'until it is removed', exported: true },
    bookmarks: { of: 'user', keeps: 'until it is removed', exported: true },
    bookmark_categories: {
      of: 'user',
      keeps: 'until it is removed',
      exported: true,
      withheld: { share_token_sealed: 'a secret' },
    },
    bookmark_memberships: { of: 'user', keeps: 'as long as the bookmark', exported: true },
    category_shares: {
      of: 'everybody',
      keeps: 'as long as the category',
      exported: 'it holds the hash of a link',
      by: 'owner_id',
      erasure: 'they go',
    },
    shared_contents: { of: 'everybody', keeps: '30 days after nobody has it' },
    content_links: { of: 'everybody', keeps: 'as long as the content' },
    thumbnails: { of: 'everybody', keeps: 30 },
    jobs: { of: 'user', keeps: 30, exported: true },
  },
  exports: { contents: listSavedContents },
  erases: [eraseSaves, eraseTrash, eraseTags],
  listeners: [
    within(userErased, tx => dropJobsOfGone(tx)),
    within(userErased, (tx, { id }) => dropSharesOf(tx, id)),
    ...offerListeners,
  ],
  starts: resealShares,
  closes: context => pictureMaker(context).close(),
}
