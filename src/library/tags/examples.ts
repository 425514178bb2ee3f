export const TAG = {
  id: '019a5c40-11e2-7f10-8a55-2d9b1c6e7f31',
  name: 'Brunch',
  description: 'Late breakfasts',
  is_shared: false,
  average_rating: 4.5,
  rating_count: 1,
  is_favorite: true,
  created_at: '2026-01-15T09:14:03.870Z',
  updated_at: '2026-01-15T09:14:03.870Z',
}

export const PARENT_TAG = {
  ...TAG,
  id: '019a5c40-11e1-7b64-9c08-4f3a5d2e1b90',
  name: 'Food',
  description: null,
  is_shared: true,
  average_rating: null,
  rating_count: 0,
  is_favorite: false,
}

const PARENT = { ...PARENT_TAG, depth: 1 }

export const TAG_DETAIL = {
  ...TAG,
  user_rating: 4.5,
  aliases: ['Late breakfast'],
  parents: [PARENT],
  children: [],
  ancestors: [PARENT],
  descendants: [],
}

const pagination = {
  page: 1,
  page_size: 50,
  total_count: 1,
  total_pages: 1,
  has_next: false,
  has_previous: false,
}
export const TAG_PAGE = { items: [TAG], pagination }
export const RELATIVES = { items: [PARENT], pagination }
