// What a listing of content is of, whichever of its routes asked for it.
import type { Position } from '../../ground/http/paging.ts'

/** The user's or other people's, written by hand or saved (`regular`), or generated (`auto`). */
export const CONTENT_SOURCE_TYPES = [
  'user-regular',
  'user-auto',
  'community-regular',
  'community-auto',
] as const
export type ContentSourceType = (typeof CONTENT_SOURCE_TYPES)[number]

export const CONTENT_TYPES = ['text', 'image', 'video', 'link'] as const
export type ContentType = (typeof CONTENT_TYPES)[number]

export const SOURCE_TYPES = ['regular', 'auto'] as const
export type SourceType = (typeof SOURCE_TYPES)[number]

export const SORT_FIELDS = ['created_at', 'updated_at', 'title', 'quality_score', 'user_rating'] as const
export type SortField = (typeof SORT_FIELDS)[number]

export interface Filters {
  content_type?: ContentType | undefined
  character_id?: string | undefined
  creator_id?: string | undefined
  is_approved?: boolean | undefined
  /** Whether other people's content that is not safe for work is shown, too. */
  is_nsfw?: boolean | undefined
  public_only?: boolean | undefined
  min_quality_score?: number | undefined
  search_term?: string | undefined
  tags: string[]
  tag_match: 'any' | 'all'
  /** What `generation_settings` must contain. */
  metadata?: Record<string, unknown> | undefined
}

export interface Listing {
  /** Who asks: ratings are theirs. */
  viewer: string
  /** Whose the user's own content is; only for an admin another one than who asks. */
  owner: string
  sources: readonly ContentSourceType[]
  filters: Filters
  sort_field: SortField
  sort_order: 'asc' | 'desc'
}

/** Which of a listing's rows. */
export interface Place {
  limit: number
  offset: number
  /** Where the page before ended, or the one behind begins. */
  from: Position | undefined
  isBackward: boolean
}

/** How many there are of each source. */
export interface Counts {
  user_regular_count: number
  user_auto_count: number
  community_regular_count: number
  community_auto_count: number
}
