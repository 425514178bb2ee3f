// What happens to contents, and concerns other rooms.
import { defineEvent, defineToldEvent } from '../ground/domain-events.ts'
import type { PlatformName } from '../vocabulary.ts'

/** A run of the worker chain is to begin: the link is new, or somebody wants it read again. */
export const contentWanted = defineEvent<{
  content_id: string
  /** The run's name, which is its job's id. */
  attempt: string
  request_id: string
  /** Who asked for it, if anybody did. */
  user_id?: string
  platform?: PlatformName
  /** What the site says of changes is not relied upon. */
  is_whole?: boolean
}>('content wanted')

/** A save is in its user's library whose content is READY already: it was saved now, or is back from the archive. */
export const readySaved = defineEvent<{ user_id: string; save_id: string; content_id: string }>('ready saved')

/** What a run of the worker chain has come to. */
export interface ContentNews {
  content_id: string
  /** Whether anything has changed: if not, only those are concerned who asked for the run. */
  is_other: boolean
  /** The run that it is about. */
  attempt: string
}

/** The next step of the chain begins; progress is in percent. */
export const contentProgressed = defineToldEvent<
  ContentNews & ({ stage: 'understanding'; progress: 40 } | { stage: 'embedding'; progress: 70 })
>('job.progress')
export const contentReady = defineToldEvent<ContentNews>('content.ready')
export const contentFailed = defineToldEvent<ContentNews>('content.failed')

/** An event of one library, as its streams and webhooks are told it. */
export interface LibraryEvent {
  user_id: string
  /** Its number in the library, without gaps. */
  seq: number
  type: string
  data: Record<string, unknown>
}

/** An event of a content in the library of somebody who saved it, and what that library has come to. */
export interface SaversEvent extends LibraryEvent {
  changes_since_clustering: number
  /** Whether the user has an active webhook. */
  has_webhooks: boolean
}

/** Those who saved a content have an event of it, and their libraries are at a new version. */
export const saversTold = defineEvent<{
  type: string
  content_id: string
  is_other: boolean
  events: SaversEvent[]
}>('savers told')

/** A library has an event of its own. */
export const libraryTold = defineEvent<{ events: LibraryEvent[] }>('library told')
