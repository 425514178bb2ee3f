import type { Words } from '../../ground/http/openapi/words.ts'

export const trashWords: Words = {
  fields: {
    'Trash.items': 'What lies in the trash, of this page.',
    kind: 'What it is: a save, or a work.',
    'TrashedThing.title': 'What it was called; null where it had no title yet.',
    'TrashedThing.url': 'Of a save: its link in its one normal form.',
    'TrashedThing.deleted_at': 'When it was removed.',
    'TrashedThing.expires_at': 'When it goes for good, in the night after.',
    'Restored.save': 'Of a save: what is the caller’s own about it, as before.',
    'Restored.content': 'Of a save: what is known of what the link leads to.',
    deleted: 'How many things are gone for good.',
  },
}
