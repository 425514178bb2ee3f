// One user's collections, from which the document's examples are taken.
import { USER } from '../../accounts/examples.ts'
import { CONTENT, SAVE } from '../examples.ts'

const TIME = '2026-01-15T10:30:00.000Z'

export const BOOKMARK = {
  id: '019a5c40-22a1-7d10-8c3e-6f0b9d417a25',
  user_id: USER.id,
  content_id: SAVE.id,
  content_source_type: 'items' as const,
  note: 'For the next trip',
  pinned: true,
  is_public: false,
  created_at: TIME,
  updated_at: TIME,
  content: {
    id: SAVE.id,
    content_type: 'link' as const,
    title: CONTENT.title,
    url: CONTENT.url,
    author: CONTENT.author,
    source_platform: 'youtube' as const,
    status: 'READY' as const,
    category_high: CONTENT.category_high,
    quality_score: null,
    thumbnail_url: CONTENT.thumbnail_url,
    thumbnail_path: CONTENT.thumbnail_path,
    path_thumb_184x272: CONTENT.thumbnail_url,
    path_thumb_368x544: CONTENT.thumbnail_url,
    created_at: SAVE.created_at,
  },
  user_rating: 4.5,
}

export const CATEGORY = {
  id: '019a5c40-22b4-7a3f-9e51-2c8d70f6b913',
  user_id: USER.id,
  name: 'Nature Photography',
  description: 'My favorite nature photos',
  color: '#4CAF50',
  icon: 'nature',
  cover_content_id: null,
  cover_content_source_type: null,
  parent_id: null,
  sort_index: 0,
  is_public: false,
  share_token: null,
  query: null,
  is_uncategorized: false,
  bookmark_count: 1,
  created_at: TIME,
  updated_at: TIME,
}

export const SHARE_TOKEN = 'trl_3n0Y5bQzKcWm7sJtXvPaHR4LeUqG9dZo'

export const SHARED_CATEGORY = { ...CATEGORY, is_public: true, share_token: SHARE_TOKEN }

export const MEMBERSHIP = {
  bookmark_id: BOOKMARK.id,
  category_id: CATEGORY.id,
  user_id: USER.id,
  position: 0,
  created_at: TIME,
}
