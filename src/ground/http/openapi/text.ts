// Words that mean one thing in all of the API.

/** Every parameter of a query or path: one name means one thing in all of the API. */
export const PARAMETER_TEXTS: Record<string, string> = {
  id: 'The id of what the path names.',
  limit: 'How many at most.',
  offset: 'How many to pass over. With `cursor` it is not looked at.',
  cursor: 'Where to go on: `next_cursor` of the page before. Its cost does not grow with depth.',
  sort_by: 'What to order by.',
  sort_order: 'Which way: `asc` is upwards, `desc` downwards.',
  delivery_id: 'The id of a delivery.',
  status: 'Only those that are this far.',
  type: 'Only those of this kind.',
  content_id: 'The id of a content.',
  hash: 'MD5 of the content’s `thumbnail_url`, in hex.',
  width: 'How wide in pixels at most; a smaller picture is not made larger.',
  category: 'Only those of this category. Content without one counts as Misc.',
  search:
    'Only those with this text in title, topic or note. Case does not matter; `%` and `_` are plain characters.',
  is_favorited: 'Only favourites, or only others. Left out: both.',
  is_archived: '`false`: without archived ones. `true`: those alone. `all`: both.',
  limit_per_category: 'How many of each category at most, the newest.',
  include_similar: 'Whether to look for similar items.',
  similar_limit: 'How many similar items at most.',
  cluster_type: 'Only clusters of this type.',
  min_items: 'Only clusters with at least so many items.',
  q: 'What to look for, in any order.',
  mode: 'text: by words. semantic: by meaning. hybrid: both, fused by rank.',
  scope: 'mine: in the own library. all: in everything that anybody saved.',
}

/** A value of each parameter whose schema has neither a default nor a list of values. */
export const PARAMETER_EXAMPLES: Record<string, unknown> = {
  id: '019a5c40-11de-7c8b-9a3c-5b7e2f804d12',
  content_id: '019a5c40-11dd-7d02-b6a1-90c4e21f7a33',
  delivery_id: '019a5c45-2c34-7a90-8b12-0d9e8f7a6b5c',
  hash: 'cac251dca4e90eef49f87efecf9f9e04',
  cursor: 'WyIyMDI2LTAxLTE1VDA5OjE0OjAyLjMxMFoiXQ',
  search: 'brunch',
  q: 'late breakfast in Bangalore',
  is_favorited: true,
}

/** What a status means here. */
export const STATUS_TEXTS: Record<number, string> = {
  304: 'Nothing has changed since the `ETag` that the client named. No body.',
  400: 'The request is malformed or repeats what is there.',
  401: 'There is no token, or it is not valid, or its user is gone.',
  403: 'Not allowed.',
  404: 'There is no such thing, or it belongs to somebody else.',
  409: 'It conflicts with what is there, or the same request is still running.',
  412: '`If-Match` names an older version.',
  413: 'The body is larger than the route takes; `detail` says how much that is.',
  415: 'The body is not JSON.',
  422: 'A value breaks a rule, or a parameter or field is not known here; `field_errors` says which and where, of twenty at most.',
  429: 'Too many requests; `Retry-After` says when to come back.',
  500: 'Our mistake. It is in the log under the request id.',
  503: 'The database is away, or the server is starting or stopping.',
  504: 'A statement took longer than the server allows.',
}
