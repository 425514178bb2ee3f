// The worker chain: fetch-content → understand-content → embed-content.
import * as v from 'valibot'
import { defineJob } from '../ground/queue/queue.ts'
import { PLATFORMS } from '../vocabulary.ts'

/** What the chain hands on. */
export const ContentJob = v.object({
  content_id: v.pipe(v.string(), v.uuid()),
  /** Which run of the chain this is; a later run makes this one void. */
  attempt: v.pipe(v.string(), v.uuid()),
  /** The request that caused it, for the log. */
  request_id: v.string(),
  /** Who asked for it: whose load it is. Nobody did when it has lost its first job, or is read again by itself. */
  user_id: v.optional(v.pipe(v.string(), v.uuid())),
  /** Whether the run has found anything else than was known before: then all who saved the content are told. */
  is_other: v.optional(v.boolean()),
})
export type ContentJob = v.InferOutput<typeof ContentJob>

const FetchJob = v.object({
  ...ContentJob.entries,
  platform: v.optional(v.picklist(PLATFORMS)),
  /** Somebody asked for a reading again: what the site says of changes is not relied upon. */
  is_whole: v.optional(v.boolean()),
  /** How often it was read again by itself, after people were told that there is nothing. */
  later: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
})
export type FetchJob = v.InferOutput<typeof FetchJob>

/** Each user's contents have a lane of their own, and those that nobody asked for share one. */
const laneOf = ({ user_id }: ContentJob): string => user_id ?? 'nobody'

/** So many links of one user are asked for at once: of YouTube as many as a call of the Data API takes. */
const SHARES = { youtube: 50, instagram: 8, web: 10, later: 10 }

const kindOf = ({ platform, later }: FetchJob) => (later === undefined ? platform : 'later')

/** Asks the platform what links are. */
export const fetchContent = defineJob<FetchJob>({
  name: 'fetch-content',
  schema: FetchJob,
  isShown: true,
  outlives: true,
  batchSize: 50,
  handOff: true,
  // They wait for others, mostly.
  concurrency: 100,
  lane: job => (job.platform === 'web' ? job.content_id : `${job.platform} ${laneOf(job)}`),
  group: {
    of: job => `${kindOf(job)} ${job.later === undefined ? laneOf(job) : ''}`,
    most: SHARES.youtube,
    tier: kindOf,
    tiers: SHARES,
  },
})

/** A user's contents are understood together, and nobody waits for anybody else's. */
const CHAINED = {
  schema: ContentJob,
  outlives: true,
  batchSize: 50,
  handOff: true,
  concurrency: 8,
  lane: laneOf,
  group: { of: laneOf, most: 50 },
} as const

/** A model reads the text and tells topic, category, intent, places and names. */
export const understandContent = defineJob<ContentJob>({ name: 'understand-content', ...CHAINED })

/** The content gets its vector and is READY. */
export const embedContent = defineJob<ContentJob>({ name: 'embed-content', ...CHAINED })

/** Finds what has lost its job, or has no vector of the configured model. */
export const reconcileContents = defineJob({ name: 'reconcile-contents', schema: v.object({}) })
