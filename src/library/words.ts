import type { Words } from '../ground/http/openapi/words.ts'

/** What the room's parameters and fields mean. */
export const words: Words = {
  fields: {
    // Saves
    save: 'What is the caller’s own about it.',
    content: 'What is known of what the link leads to. All who saved it share this.',
    shared_content_id: 'The id of the content.',
    raw_share_text: 'The caller’s own note; null for none.',
    is_favorited: 'Whether it is a favourite.',
    is_archived: 'Whether it is archived, and so left out of lists that do not ask for it.',
    own_title: 'What the caller calls it; null where they leave it to the content.',
    own_category: 'Where the caller puts it; null where they leave it to the content.',
    last_viewed_at: 'When the caller last opened it; null before the first time.',
    message: 'What happens next, in a sentence.',
    'SavedItem.job_id': 'The job that reads the link; null where there is nothing left to read.',
    'NewSave.url': 'The link to save, in any of its spellings.',
    'NewSave.raw_share_text': 'A note of your own. Tags of HTML are taken out.',
    'Batch.url': 'The link to save, in any of its spellings.',
    'Batch.raw_share_text': 'A note of your own. Tags of HTML are taken out.',
    'SaveChange.raw_share_text': 'A note of your own; null takes it away. Tags of HTML are taken out.',
    'SaveChange.title':
      'What you call it, in your library alone; null gives back the title that was read. It takes the place of the content’s in whatever you are shown.',
    'SaveChange.category_high':
      'Where you put it, in your library alone; null gives back the category that was understood.',
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
    title: 'Its title: the caller’s own, if they gave it one; null until it is read.',
    caption: 'What its author wrote beside it.',
    author: 'Who made it.',
    thumbnail_url: 'Its picture where it lives. Asking there tells the site who looks.',
    thumbnail_path: 'The same picture from this server, made small.',
    duration_seconds: 'How long it runs, in seconds.',
    category_high: 'Its category: the caller’s own, if they gave it one; null until it is understood.',
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
  },
  parameters: {
    content_id: { text: 'The id of a content.', example: '019a5c40-11dd-7d02-b6a1-90c4e21f7a33' },
    hash: {
      text: 'MD5 of the content’s `thumbnail_url`, in hex.',
      example: 'cac251dca4e90eef49f87efecf9f9e04',
    },
    width: { text: 'How wide in pixels at most; a smaller picture is not made larger.' },
    category: { text: 'Only those of this category. Content without one counts as Misc.' },
    search: {
      text: 'Only those with this text in title, topic or note. Case does not matter; `%` and `_` are plain characters. Also `"a phrase"`, `-without`, `tag:`, `category:`, `in:` a collection, `site:`, `is:favorite|archived|public|unread|failed`, `has:note|tag`, `before:` and `after:2026-01-31`; each may have a minus before it.',
      example: 'brunch -tag:done after:2026-01-31',
    },
    is_favorited: { text: 'Only favourites, or only others. Left out: both.', example: true },
    is_archived: { text: '`false`: without archived ones. `true`: those alone. `all`: both.' },
    limit_per_category: { text: 'How many of each category at most, the newest.' },
  },
}
