// What parameters and fields mean, in words. A name means one thing in all of the API and is explained where it is at home;
// where it does not, it bears the name of the component or operation that it stands in: `Content.status`.

export interface Words {
  /** Of bodies and answers, where their schema does not say it itself. */
  fields?: Record<string, string>
  /** Of queries and paths. One without a default and without a list of values has an example. */
  parameters?: Record<string, { text: string; example?: unknown }>
}

/** @throws for a name that is explained twice */
export function joinWords(all: Words[]): Required<Words> {
  const join = <T>(records: (Record<string, T> | undefined)[]) => {
    const entries = records.flatMap(record => Object.entries(record ?? {}))
    const joined = Object.fromEntries(entries)
    const twice = entries.find(([name, value]) => joined[name] !== value)
    if (twice) throw new Error(`${twice[0]} is explained twice`)
    return joined
  }
  return { fields: join(all.map(({ fields }) => fields)), parameters: join(all.map(it => it.parameters)) }
}

/** Of what no room has for itself. */
export const COMMON_WORDS: Words = {
  fields: {
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
  },
  parameters: {
    id: { text: 'The id of what the path names.', example: '019a5c40-11de-7c8b-9a3c-5b7e2f804d12' },
    limit: { text: 'How many at most.' },
    offset: { text: 'How many to pass over. With `cursor` it is not looked at.' },
    cursor: {
      text: 'Where to go on: `next_cursor` of the page before. Its cost does not grow with depth.',
      example: 'WyIyMDI2LTAxLTE1VDA5OjE0OjAyLjMxMFoiXQ',
    },
    sort_by: { text: 'What to order by.' },
    sort_order: { text: 'Which way: `asc` is upwards, `desc` downwards.' },
    status: { text: 'Only those that are this far.' },
    type: { text: 'Only those of this kind.' },
  },
}
