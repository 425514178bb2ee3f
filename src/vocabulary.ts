// The closed lists of the contract. The database checks the same values (sql/0001_core.sql).

/** Where a saved link lives. */
export const PLATFORMS = ['instagram', 'youtube', 'web'] as const
export type PlatformName = (typeof PLATFORMS)[number]

/** PENDING: queued. PROCESSING: a worker has it. READY: understood and embedded. FAILED: see `error_message`. */
export const STATUSES = ['PENDING', 'PROCESSING', 'READY', 'FAILED'] as const
export type Status = (typeof STATUSES)[number]

export const CATEGORIES = [
  'Travel',
  'Food & Drink',
  'Learning',
  'Career',
  'Fitness',
  'Entertainment',
  'Shopping',
  'Tech',
  'Misc',
] as const
export type Category = (typeof CATEGORIES)[number]

/** What a person who saved it most likely wants to do with it. */
export const INTENTS = ['learn', 'visit', 'buy', 'try', 'watch', 'misc'] as const
export type Intent = (typeof INTENTS)[number]

/** What users do with contents. `rate` comes with a rating, `dwell` with a duration. */
export const INTERACTION_TYPES = [
  'view',
  'open',
  'click',
  'like',
  'dislike',
  'share',
  'save',
  'rate',
  'dismiss',
  'dwell',
] as const
export type InteractionType = (typeof INTERACTION_TYPES)[number]

export const CLUSTER_TYPES = [
  'Travel',
  'Food',
  'Learning',
  'Fitness',
  'Entertainment',
  'Shopping',
  'Tech',
  'Misc',
] as const
export type ClusterType = (typeof CLUSTER_TYPES)[number]

/** Every embedding has this many dimensions, whichever model made it (`shared_contents.embedding`). */
export const EMBEDDING_DIMENSIONS = 512
