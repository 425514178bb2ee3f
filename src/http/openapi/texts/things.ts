// One user's library, from which the examples are taken.
export const USER = {
  id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  email: 'alice@example.com',
  created_at: '2026-01-15T09:12:44.120Z',
}

export const SAVE = {
  id: '019a5c40-11de-7c8b-9a3c-5b7e2f804d12',
  user_id: USER.id,
  shared_content_id: '019a5c40-11dd-7d02-b6a1-90c4e21f7a33',
  raw_share_text: 'Must try this weekend',
  is_favorited: false,
  is_archived: false,
  created_at: '2026-01-15T09:14:02.310Z',
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

export const ITEM = { save: SAVE, content: CONTENT }

export const CLUSTER = {
  id: '019a5c51-6a07-7f3e-8d19-0e2b6c4417f4',
  label: 'Indiranagar Cafes',
  cluster_type: 'Food',
  short_description: 'Brunch and coffee in Bangalore.',
}

export const FULL_CLUSTER = {
  ...CLUSTER,
  item_count: 5,
  keywords: ['cafe', 'brunch', 'bangalore'],
  created_at: '2026-01-16T02:00:00.000Z',
  updated_at: '2026-01-16T02:00:00.000Z',
}

export const JOB_ID = '019a5c40-11df-7ab4-8f6e-1c7d3b925e60'
