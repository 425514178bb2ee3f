/** A table whose rows go with a thing, and come back with it. */
interface Part {
  table: string
  /** The column with the id of the thing, or of the row of `of`. */
  by: string
  /** Another table of the thing, before this one, whose rows these hang on. */
  of?: string
  /** What a row needs so as to come back: its column, and the table where that id must still be; of the user, or anybody's. */
  needs?: { column: string; table: string; isOwn?: true }
}

/** Their places in categories that are no more do not come back. */
const BOOKMARKS = (by: string): Part[] => [
  { table: 'bookmarks', by },
  {
    table: 'bookmark_memberships',
    by: 'bookmark_id',
    of: 'bookmarks',
    needs: { column: 'category_id', table: 'bookmark_categories', isOwn: true },
  },
]

/** What may lie in the trash. */
interface Kind {
  /** Its own table, with `user_id`, `id` and `title`. */
  table: string
  /** The column with the content that must stay meanwhile. */
  content?: string
  with: Part[]
}

/** A further table is a further line: before those that hang on it. */
export const KINDS = {
  save: {
    table: 'user_content_saves',
    content: 'shared_content_id',
    with: [
      { table: 'joined_saves', by: 'save_id' },
      { table: 'dropped_tags', by: 'save_id' },
      { table: 'save_tags', by: 'save_id', needs: { column: 'tag_id', table: 'tags' } },
      ...BOOKMARKS('save_id'),
    ],
  },
  work: {
    table: 'works',
    with: [
      { table: 'work_tags', by: 'work_id', needs: { column: 'tag_id', table: 'tags' } },
      ...BOOKMARKS('work_id'),
    ],
  },
} satisfies Record<string, Kind>

export type TrashKind = keyof typeof KINDS
export const TRASH_KINDS = Object.keys(KINDS) as TrashKind[]

/** The tables of a kind, its own first. */
export function partsOf(kind: TrashKind): Part[] {
  const { table, with: others }: Kind = KINDS[kind]
  return [{ table, by: 'id' }, ...others]
}

/** The column with its content, where it has one. */
export const contentColumnOf = (kind: TrashKind): string | undefined => (KINDS[kind] as Kind).content
