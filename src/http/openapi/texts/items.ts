import type { OperationText } from '../text.ts'
import { CLUSTER, CONTENT, ITEM, JOB_ID, SAVE } from './things.ts'

const NOT_YOURS: [string, string] = ['NOT_FOUND', 'Save not found or does not belong to you']

const PENDING = {
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

const SAVE_DETAIL = {
  ...SAVE,
  last_viewed_at: '2026-01-15T18:00:00.000Z',
  updated_at: '2026-01-15T18:00:00.000Z',
}

const CONTENT_DETAIL = {
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

export const ITEM_TEXTS: Record<string, OperationText> = {
  saveItem: {
    description:
      'Takes a link to an Instagram post or a YouTube video in any of its spellings. The link is read once, whoever saved it: the job that does so is named in `job_id`, and `GET /v1/jobs/{id}` says how far it is.',
    answer: 'The save and what is known of its content until now.',
    hasLocation: true,
    body: {
      url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&utm_source=share',
      raw_share_text: 'Must try this weekend',
    },
    example: {
      save: SAVE,
      content: PENDING,
      message: 'Content saved successfully. Processing has been queued.',
      job_id: JOB_ID,
    },
    problems: {
      400: ['ALREADY_SAVED', 'You have already saved this content', { existing_save_id: SAVE.id }],
      422: [
        'VALIDATION_ERROR',
        'Invalid URL format or unsupported platform',
        {
          field_errors: [
            {
              loc: ['body', 'url'],
              msg: 'must be a link to a YouTube video, an Instagram post, or a public web page',
              type: 'supported_url',
            },
          ],
        },
      ],
    },
  },
  listItems: {
    description: 'READY and not archived ones, the newest first, unless the query says otherwise.',
    answer: 'A page of saves, each with its content.',
    problems: { 400: ['INVALID_CURSOR', 'The cursor is malformed or belongs to another list'] },
    example: { items: [ITEM], total: 1, limit: 20, offset: 0, has_more: false, next_cursor: null },
  },
  groupItems: {
    description:
      'The newest of each category, the largest category first. Content without a category stands under Misc.',
    answer: 'The categories by name.',
    example: {
      groups: { 'Food & Drink': { category: 'Food & Drink', count: 1, items: [ITEM] } },
      total_items: 1,
    },
  },
  getItem: {
    description:
      'Sets `last_viewed_at` without delaying the answer. Similar items are those whose meaning is nearest, among all that anybody saved; the note that belongs to a save stays with its user.',
    answer: 'The save, its content, its cluster if it is in one, and similar items if they were asked for.',
    example: { save: SAVE_DETAIL, content: CONTENT_DETAIL, cluster: CLUSTER, similar_items: null },
    problems: { 404: NOT_YOURS },
  },
  editItem: {
    answer: 'The save as it is now, and its content.',
    body: { is_favorited: true, raw_share_text: 'Went there, loved it' },
    example: {
      save: { ...SAVE_DETAIL, is_favorited: true, raw_share_text: 'Went there, loved it' },
      content: CONTENT_DETAIL,
    },
    problems: { 404: NOT_YOURS },
  },
  deleteItem: {
    description:
      'The save, its note and its place in a cluster go; the content stays for those who saved it too.',
    answer: 'It is gone. No body.',
    problems: { 404: NOT_YOURS },
  },
  reprocessItem: {
    answer: 'The job that does it.',
    example: { job_id: JOB_ID },
    problems: { 404: NOT_YOURS },
  },
  saveItems: {
    description:
      'Each link has a result of its own: one that cannot be saved does not stop the rest. The limit counts links, not requests; when they do not all fit, the answer is 429 and nothing is saved. The body may have 1 MiB.',
    answer: 'A result for each item of the request, in its order.',
    body: {
      items: [
        { url: 'https://youtu.be/dQw4w9WgXcQ', raw_share_text: 'Must try this weekend' },
        { url: 'https://example.com/nothing-we-read' },
      ],
    },
    example: {
      results: [
        { url: 'https://youtu.be/dQw4w9WgXcQ', status: 'saved', save_id: SAVE.id },
        {
          url: 'https://example.com/nothing-we-read',
          status: 'invalid',
          detail: 'Invalid URL format or unsupported platform',
        },
      ],
    },
  },
  getThumbnail: {
    description:
      'The picture that `thumbnail_url` of a content names, fetched by this server and made small, so that nobody’s browser asks the platform or a stranger’s host for it. The address is `thumbnail_path` of the content and needs no token, since a page’s picture cannot send one: whoever does not know the content’s id does not find it. A picture that could not be had is tried again after an hour.',
    answer: 'The picture, as wide as asked for at most, without metadata.',
    mediaType: 'image/webp',
    example: 'RIFF…WEBPVP8 …',
    problems: {
      404: ['NOT_FOUND', 'There is no picture to be had at the address that the content names'],
      503: ['TOO_BUSY', 'Too many pictures are being fetched. Try again shortly.', { retry_after: 5 }],
      504: ['PICTURE_TIMEOUT', 'The picture did not come in time', { retry_after: 5 }],
    },
  },
  search: {
    answer: 'What was found, the best first.',
    example: {
      results: [{ save_id: SAVE.id, content: CONTENT, score: 1.25, matched: ['text', 'semantic'] }],
      mode: 'hybrid',
      total: 1,
      limit: 20,
      offset: 0,
      has_more: false,
      next_cursor: null,
    },
  },
}
