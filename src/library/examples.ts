// One user's library, from which the document's examples are taken.
import { USER } from '../accounts/examples.ts'

export const SAVE = {
  id: '019a5c40-11de-7c8b-9a3c-5b7e2f804d12',
  user_id: USER.id,
  shared_content_id: '019a5c40-11dd-7d02-b6a1-90c4e21f7a33',
  raw_share_text: 'Must try this weekend',
  is_favorited: false,
  is_archived: false,
  own_title: null,
  own_category: null,
  tags: [{ id: '019a5c40-11e2-7f10-8a55-2d9b1c6e7f31', name: 'Brunch', source: 'ai' as const }],
  created_at: '2026-01-15T09:14:02.310Z',
}

export const SAVE_DETAIL = {
  ...SAVE,
  last_viewed_at: '2026-01-15T18:00:00.000Z',
  updated_at: '2026-01-15T18:00:00.000Z',
}

export const CONTENT = {
  id: SAVE.shared_content_id,
  url: 'https://youtube.com/watch?v=dQw4w9WgXcQ',
  source_platform: 'youtube',
  status: 'READY',
  title: 'Five brunch cafes in Indiranagar',
  caption: null,
  author: 'Bangalore Bites',
  thumbnail_url: 'https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg',
  thumbnail_path: '/v1/thumbnails/019a5c40-11dd-7d02-b6a1-90c4e21f7a33/cac251dca4e90eef49f87efecf9f9e04',
  duration_seconds: 412,
  category_high: 'Food & Drink',
  topic_main: 'Brunch cafes in Indiranagar',
  subcategories: ['Cafes', 'Brunch'],
  locations: ['Indiranagar', 'Bangalore'],
  intent: 'visit',
  save_count: 5,
  created_at: '2026-01-15T09:14:02.310Z',
}

export const CONTENT_DETAIL = {
  ...CONTENT,
  description: 'Our five favourite places for a late breakfast.',
  content_text: 'Five brunch cafes in Indiranagar. Our five favourite places for a late breakfast.',
  tags: ['brunch', 'bangalore'],
  entities: ['Third Wave Coffee'],
  language: 'en',
  published_at: '2025-12-01T10:00:00.000Z',
  visual_description: null,
  visual_tags: [],
  metadata_source: 'youtube_data_api',
  metadata_quality: 'full',
  analysis_source: 'local',
  error_message: null,
  version: 3,
  updated_at: '2026-01-15T09:14:03.870Z',
}

/** Before it was read. */
export const PENDING_CONTENT = {
  ...CONTENT,
  status: 'PENDING',
  title: null,
  author: null,
  thumbnail_url: null,
  thumbnail_path: null,
  duration_seconds: null,
  category_high: null,
  topic_main: null,
  subcategories: [],
  locations: [],
  intent: null,
  save_count: 1,
}

/** As it is saved just now. */
export const NEW_SAVE = { ...SAVE, tags: [] }

export const ITEM = { save: SAVE, content: CONTENT }

export const JOB_ID = '019a5c40-11df-7ab4-8f6e-1c7d3b925e60'
