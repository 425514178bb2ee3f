// What the fields of bodies and answers hold, where their schema does not say it itself.

/**
 * By the field's name, which means one thing in all of the API; or, where it does not, by the name of the component or
 * operation that it stands in: `Content.status`.
 */
export const FIELD_TEXTS: Record<string, string> = {
  // Everywhere
  id: 'The id of this one.',
  user_id: 'Whose it is.',
  created_at: 'When it was made.',
  updated_at: 'When it last changed.',
  error_message: 'Why it failed, in a sentence; null where it has not.',
  job_id: 'The job that does it: `GET /v1/jobs/{id}` says how far it is.',
  request_id: 'The `X-Request-ID` of the request that caused it, if there was one.',

  // Pages of a list
  total: 'How many there are, on all pages.',
  limit: 'How many a page holds at most, as asked.',
  offset: 'How many were passed over, as asked.',
  has_more: 'Whether another page follows.',
  next_cursor: 'What to send as `cursor` for the next page; null on the last one.',

  // Problems
  'Problem.type': 'Always `about:blank`: `error_code` tells problems apart.',
  'Problem.status': 'The status of the answer.',
  'Problem.field_errors': 'The values that break a rule, of twenty at most.',

  // Accounts
  email: 'The address, trimmed and in lower case.',
  'Login.email': 'The address of the account; case does not matter.',
  'Registration.email': 'An address that no account has; kept trimmed and in lower case.',
  'Login.password': 'The password of the account.',
  'Registration.password': 'At least 8 characters, all of which count.',
  user: 'Who has signed in.',
  access_token: 'Goes into `Authorization: Bearer …`.',
  token_type: 'How the token is sent.',
  expires_in: 'Seconds until the token ends.',

  // Saves
  save: 'What is the caller’s own about it.',
  content: 'What is known of what the link leads to. All who saved it share this.',
  shared_content_id: 'The id of the content.',
  raw_share_text: 'The caller’s own note; null for none.',
  is_favorited: 'Whether it is a favourite.',
  is_archived: 'Whether it is archived, and so left out of lists that do not ask for it.',
  last_viewed_at: 'When the caller last opened it; null before the first time.',
  message: 'What happens next, in a sentence.',
  'SavedItem.job_id': 'The job that reads the link; null where there is nothing left to read.',
  'NewSave.url': 'The link to save, in any of its spellings.',
  'NewSave.raw_share_text': 'A note of your own. Tags of HTML are taken out.',
  'Batch.url': 'The link to save, in any of its spellings.',
  'Batch.raw_share_text': 'A note of your own. Tags of HTML are taken out.',
  'SaveChange.raw_share_text': 'A note of your own; null takes it away. Tags of HTML are taken out.',
  'Batch.items': 'The links to save.',
  'BatchResults.results': 'One for each item of the request, in its order.',
  'BatchResults.url': 'The link as it was sent.',
  'BatchResults.status':
    '`saved`: it is new to the caller. `duplicate`: it was saved before. `invalid`: it is no link that can be saved.',
  'BatchResults.save_id': 'The save, or the one that was there already.',
  'BatchResults.detail': 'Why it was not saved.',

  // Contents
  'Content.url': 'The link in its one normal form.',
  'ContentDetail.url': 'The link in its one normal form.',
  source_platform: 'Where it lives; `web` is any page.',
  'Content.status':
    '`PENDING`: it waits. `PROCESSING`: it is being read. `READY`: it is understood. `FAILED`: `error_message` says why.',
  'ContentDetail.status':
    '`PENDING`: it waits. `PROCESSING`: it is being read. `READY`: it is understood. `FAILED`: `error_message` says why.',
  title: 'Its title; null until it is read.',
  caption: 'What its author wrote beside it.',
  author: 'Who made it.',
  thumbnail_url: 'Its picture where it lives. Asking there tells the site who looks.',
  thumbnail_path: 'The same picture from this server, made small.',
  duration_seconds: 'How long it runs, in seconds.',
  category_high: 'Its category; null until it is understood.',
  topic_main: 'What it is about, in a few words; null until it is understood.',
  subcategories: 'Finer categories, in words of its own.',
  locations: 'Places that it names.',
  intent: 'What somebody who saved it most likely wants to do with it.',
  save_count: 'How many people have saved it.',
  description: 'What its author wrote about it.',
  content_text: 'Its main text, as far as it is kept.',
  tags: 'What its author tagged it with.',
  entities: 'People, products and other names in it.',
  language: 'The language of its text, as a tag such as `en` (BCP 47).',
  published_at: 'When its author published it.',
  visual_description: 'What its picture shows, where a model has looked at it.',
  visual_tags: 'The same in single words.',
  metadata_source: 'Where its title and text come from, such as `youtube_oembed`.',
  metadata_quality:
    '`full`: title, text, author and picture. `partial`: a title and a text or tags. `minimal`: less.',
  analysis_source:
    'Which models understood it: `local` or `openai`; `local:no-vector` where too little of it was known to say what it is like.',
  'ContentDetail.version': 'Grows with every change of what is known.',

  // Lists
  items: 'The saves of this page, with their contents.',
  groups: 'By the name of the category; the largest first.',
  total_items: 'How many items there are in all.',
  category: 'The category.',
  count: 'How many items it has, shown or not.',
  'GroupedItems.items': 'The newest of them.',

  // Search and similar
  results: 'What was found, the best first.',
  save_id: 'The caller’s own save of it; null where there is none.',
  score: 'Higher is better; comparable within one answer only.',
  matched: 'What it was found by: its words, its meaning, or both.',
  mode: 'As asked; `text` for `hybrid` while the model is away.',
  'SearchResults.total': 'How many candidates were ranked, at most 200 by words and 200 by meaning.',
  cluster: 'The cluster.',
  'ItemWithNeighbours.cluster': 'The cluster that it is in; null where it is in none.',
  similar_items: 'What is most like it, the best first; null where that was not asked for.',
  similarity_score: 'The cosine of the two vectors: 1 for the same direction.',
  already_saved: 'Whether the caller has saved it.',

  // Clusters
  clusters: 'The clusters of this page.',
  label: 'Its name, made by Trove or given by the user.',
  'ClusterLabel.label': 'The name that it shall keep.',
  cluster_type: 'What most of its items are about.',
  short_description: 'What is in it, in a sentence.',
  item_count: 'How many items it has.',
  keywords: 'Words that tell it from the others, the most telling first.',
  sample_items: 'Three of its items, the most central first.',
  points: 'One for each item.',
  'Map.clusters': 'One for each cluster.',
  x: 'From left to right.',
  y: 'From bottom to top.',
  cluster_id: 'The cluster that it is in; null where it is in none.',
  'MapPoint.save_id': 'The save.',

  // Jobs
  jobs: 'The jobs of this page.',
  'Job.type': 'What it does: reading a link, or grouping a library.',
  stage: 'What is being done just now.',
  attempts: 'How often it was begun.',
  links: 'Where to look.',
  self: 'The path of the job.',
  item: 'The path of the item that it is about; null where it is about none.',

  // Webhooks
  webhooks: 'The webhooks of this page.',
  'NewWebhook.url': 'Where to send to, over http or https, at an address that anybody can reach.',
  'WebhookChange.url': 'Where to send to, over http or https, at an address that anybody can reach.',
  'RegisteredWebhook.url': 'Where it sends to.',
  'Webhook.url': 'Where it sends to.',
  events: 'Of what it tells.',
  is_active: 'Whether it sends. Switching it on again starts it afresh.',
  disabled_reason: 'Why it was switched off, where Trove did that.',
  deliveries: 'The deliveries of this page, the newest first.',
  delivery_id: 'The id of the delivery.',
  webhook_id: 'The webhook that it belongs to.',
  event: 'What it tells of.',
  data: 'The facts, as they are sent.',
  'Delivery.status':
    '`pending`: it waits, for its first try or the next. `delivered`: it was taken. `failed`: it will not be tried again.',
  'Delivery.error_message': 'What went wrong at the last try.',
  duration_ms: 'How long the last try took, in milliseconds.',
  next_attempt_at: 'When it is tried again; null where it is not.',

  // Operations
  entries: 'The entries of this page, the newest first.',
  resource_id: 'The id of what it was done to.',
  details: 'What else is known of it.',
  ip_address: 'Where the request came from.',
  user_agent: 'What the client calls itself.',
  'Health.status': '`degraded` while one of the services is unhealthy.',
  version: 'The version of Trove.',
  timestamp: 'The time of the server.',
  services: 'What it needs to work.',
  database: 'Whether it answers.',
  queue: 'Whether jobs can be sent and taken.',
  vector_db: 'Whether vectors can be compared.',
  ai: 'Whether models can be asked.',
  'getReady.status': 'The server takes requests.',
}
