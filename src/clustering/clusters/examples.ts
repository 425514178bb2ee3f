// A cluster of the document's examples.
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
