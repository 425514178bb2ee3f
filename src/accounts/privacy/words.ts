import type { Words } from '../../ground/http/openapi/words.ts'

export const privacyWords: Words = {
  fields: {
    format: 'What the file is.',
    'Export.version': 'Of the format.',
    exported_at: 'The moment that all of it is of.',
    'Export.user': 'The account.',
    tables: 'The rows of each table that belong to the account, without secrets.',
    contents: 'All that is known of the links that were saved.',
    'DeletionRequest.password': 'The password of the account; not where it has none.',
    'Deletion.request_id': 'The id of the request.',
    'Deletion.status': '`scheduled`, or `running` from when it cannot be taken back.',
    scheduled_for: 'When the account and all its data are erased.',
  },
}
