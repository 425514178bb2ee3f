import type { Words } from '../ground/http/openapi/words.ts'

/** What the room's parameters and fields mean. */
export const words: Words = {
  fields: {
    // Jobs
    jobs: 'The jobs of this page.',
    'Job.type': 'What it does: reading a link, or grouping a library.',
    stage: 'What is being done just now.',
    attempts: 'How often it was begun.',
    links: 'Where to look.',
    self: 'The path of the job.',
    item: 'The path of the item that it is about; null where it is about none.',

    // Operations
    entries: 'The entries of this page, the newest first.',
    resource_id: 'The id of what it was done to.',
    details: 'What else is known of it.',
    ip_address: 'Where the request came from.',
    user_agent: 'What the client calls itself.',
  },
}
