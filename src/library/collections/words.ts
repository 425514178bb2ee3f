import type { Words } from '../../ground/http/openapi/words.ts'

const NOTE = 'A note of your own, which nobody else is shown; null for none.'
const PINNED = 'Whether it is pinned.'
const PUBLIC_BOOKMARK = 'Whether you call it public. What a shared category shows goes by the category alone.'
const SOURCE = '`items`: a save, or a work written by hand. `auto`: a generated work.'
const NAME = 'Its name, which no other category under the same parent has.'
const DESCRIPTION = 'What it is for, in your words; null for none.'
const COLOR = 'Its colour, as `#rrggbb`; null for none.'
const ICON = 'The name of its icon, for your client; null for none.'
const COVER = 'The save or work whose picture stands for it; null for none.'
const COVER_TYPE = 'What kind of content the cover is.'
const PARENT = 'The category that it is under; null for none.'
const SORT_INDEX = 'Its place among the others, the lowest first.'
const PUBLIC = 'Whether whoever has its `share_token` may read it.'
const QUERY =
  'A search that makes it smart, as `search` of `GET /v1/items` takes it: it holds what that finds. Null where it has members.'
const BOOKMARK_COUNT = 'How many bookmarks it holds itself.'
const POSITION = 'Its place in the category, counted from 0.'
const CHANGE = ' What is left out stays.'

const categoryWords = (schema: string, more = '') =>
  Object.fromEntries(
    Object.entries({
      name: NAME,
      description: DESCRIPTION,
      color: COLOR,
      icon: ICON,
      cover_content_id: COVER,
      cover_content_source_type: COVER_TYPE,
      parent_id: PARENT,
      sort_index: SORT_INDEX,
      is_public: PUBLIC,
      query: QUERY,
    }).map(([field, text]) => [`${schema}.${field}`, text + more]),
  )

const shownWords = (schema: string) => ({
  ...categoryWords(schema),
  [`${schema}.share_token`]:
    'What it is read by without signing in, at `/shared/{share_token}` and by the API; null until it was first public.',
  [`${schema}.is_uncategorized`]: 'Whether it is the one that takes what is in no other.',
  [`${schema}.bookmark_count`]: BOOKMARK_COUNT,
})

const sharedWords = (schema: string) => ({
  [`${schema}.parent_id`]: 'The category that it is under; null for the one that is shared.',
  [`${schema}.name`]: 'Its name.',
  [`${schema}.description`]: 'What it is for, in its owner’s words; null for none.',
  [`${schema}.color`]: COLOR,
  [`${schema}.icon`]: 'The name of its icon; null for none.',
  [`${schema}.bookmark_count`]: BOOKMARK_COUNT,
})

/** What fields of collections mean. */
export const collectionWords: Words = {
  fields: {
    'Bookmark.id': 'The id of the bookmark; null where a smart category has found what is not bookmarked.',
    'Bookmark.content_id': 'The save or work that it is of.',
    'Bookmark.content_source_type': SOURCE,
    'Bookmark.note': NOTE,
    'Bookmark.pinned': PINNED,
    'Bookmark.is_public': PUBLIC_BOOKMARK,
    'Bookmark.content': 'What it is of; null where that was not asked for.',
    'Bookmark.user_rating': 'What the user rated it, from 1 to 5 in halves; null for not at all.',
    'NewBookmark.content_id': 'One of your saves or works.',
    'NewBookmark.content_source_type': `${SOURCE} Where it is given, it must be right.`,
    'NewBookmark.note': NOTE,
    'NewBookmark.pinned': PINNED,
    'NewBookmark.is_public': PUBLIC_BOOKMARK,
    'BookmarkChange.note': NOTE + CHANGE,
    'BookmarkChange.pinned': PINNED + CHANGE,
    'BookmarkChange.is_public': PUBLIC_BOOKMARK + CHANGE,
    'Bookmarks.items': 'The bookmarks of this page.',
    'BookmarkContent.content_type': '`link`: a save. Else what the work is.',
    'BookmarkContent.url': 'The link of a save, or the file of a work.',
    'BookmarkContent.status': 'How far the link of a save is read; null for a work.',
    'BookmarkContent.category_high': 'Its category.',
    'BookmarkContent.quality_score': 'How good a work is, from 0 to 1; null where nobody has said.',
    'BookmarkContent.thumbnail_url': 'Its picture where it lives.',
    'BookmarkContent.path_thumb_184x272': 'The same as `thumbnail_url`.',
    'BookmarkContent.path_thumb_368x544': 'The same as `thumbnail_url`.',

    ...shownWords('Category'),
    ...shownWords('CategoryTree'),
    ...categoryWords('NewCategory'),
    ...categoryWords('CategoryChange', CHANGE),
    'CategoryTree.children': 'Those right under it.',
    'CategoryTrees.items': 'Those that are under no other.',
    'Categories.items': 'The categories of this page.',
    'CategoryBookmarks.category': 'The category.',
    'CategoryBookmarks.bookmarks': 'Its bookmarks on this page.',
    'CategoryDeleted.message': 'That it is done.',
    'CategoryDeleted.moved': 'How many bookmarks went to another category.',
    'CategoryDeleted.deleted': 'How many bookmarks were deleted.',

    'Membership.bookmark_id': 'The bookmark.',
    'Membership.category_id': 'The category that it is in.',
    'Membership.position': POSITION,
    'Memberships.items': 'The categories of this page.',
    'Memberships.bookmark_id': 'The bookmark.',
    'Memberships.category_id': 'The category that it is in.',
    'Memberships.position': POSITION,
    'Memberships.category': 'The category itself.',
    'NewMembership.category_id': 'The category to put it into.',
    'NewMembership.position': 'Its place there, counted from 0; the last one where it is left out.',
    'MembershipPosition.position': 'The place to move it to, counted from 0.',

    ...sharedWords('SharedCategory'),
    ...sharedWords('SharedSubcategory'),
    'SharedSubcategory.bookmarks': 'The first twelve that it holds.',
    'SharedCollection.category': 'The category that is shown.',
    'SharedCollection.bookmarks': 'What it holds, on this page.',
    'SharedCollection.subcategories': 'The public ones under it, at most fifty.',
    'SharedBookmark.content_type': '`link`, or what kind of work it is.',
    'SharedBookmark.title': 'What it is called; null for a link that was not read.',
    'SharedBookmark.url': 'Where it is; null for a work that is not public itself.',
    'SharedBookmark.category_high': 'Its category; null for none.',
    'SharedBookmark.thumbnail_path': 'The picture of a link, from this server.',
    'SharedBookmark.thumbnail_url': 'The picture of a work.',
    'SharedBookmark.added_at': 'When it came into the category.',
  },
}
