import { Problem } from '../../ground/http/problem.ts'
import { readRequest } from '../../ground/http/validation.ts'
import { rateContents } from '../../library/ratings/store.ts'
import { route } from '../../route.ts'
import { analyticsRoutes } from './analytics/routes.ts'
import { INTERACTION, NEW_INTERACTION } from './examples.ts'
import { listRoutes } from './lists/routes.ts'
import { contentNotFound, idTaken, interactionNotFound, rateWithoutRating } from './problems.ts'
import { type Outcome, record } from './record.ts'
import {
  BulkAnswer,
  BulkBody,
  type BulkResult,
  EditBody,
  InteractionAnswer,
  InteractionParams,
  NewInteraction,
} from './schema.ts'
import {
  changeInteraction,
  deleteInteraction,
  findContents,
  findInteraction,
  lockInteraction,
} from './store.ts'
import { statsOfUser } from './users/routes.ts'

const create = route(
  'POST /v1/interactions',
  {
    id: 'recordInteraction',
    tag: 'Interactions',
    summary: 'Record what you did with a content',
    description:
      'With a save or a work of yours, or with what somebody made public. `rate` is also your rating of the content from now on; `view` and `open` set the `last_viewed_at` of a save. With an `id` of your own it may be sent again: then it is kept once.',
    may: 'write',
    limit: 'interactions',
    once: true,
    body: NewInteraction,
    example: NEW_INTERACTION,
    gives: {
      status: 201,
      body: InteractionAnswer,
      text: 'The interaction.',
      repeated: 'The interaction that is kept under this id already, and is just like it.',
      example: INTERACTION,
      location: ({ id }) => `/v1/interactions/${id}`,
    },
    problems: [contentNotFound, idTaken],
  },
  {
    // Beside the transaction, which sees no rows of others.
    prepare: ({ sql, user, body }) => findContents(sql, user.id, [body.content_id]),
    handle: async ({ tx, user, body, prepared: contents }) => {
      const [outcome] = (await record(tx, user.id, [body], contents)) as [Outcome]
      if ('interaction' in outcome) return outcome
      throw outcome.status === 'taken' ? idTaken() : contentNotFound()
    },
    finish: ({ status, interaction }, { set }) => {
      if (status === 'duplicate') set.status = 200
      return interaction
    },
  },
)

/** In bytes: five hundred rows with metadata of some size. */
const LARGEST_BULK = 1024 * 1024

/** The rows that can be read, each with its place, and what is wrong with the others. */
function readRows(given: unknown[]): {
  rows: { index: number; row: NewInteraction }[]
  faults: BulkResult[]
} {
  const rows: { index: number; row: NewInteraction }[] = []
  const faults: BulkResult[] = []
  for (const [index, one] of given.entries()) {
    try {
      rows.push({ index, row: readRequest(NewInteraction, 'body', one) })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      faults.push({ index, status: 'invalid', error: sentenceOf(error) })
    }
  }
  return { rows, faults }
}

const sentenceOf = ({ fields: { field_errors = [] } }: Problem): string =>
  field_errors.map(({ loc, msg }) => [loc.slice(1).join('.'), msg].filter(Boolean).join(' ')).join('; ')

const resultOf = (index: number, outcome: Outcome): BulkResult => {
  if ('interaction' in outcome) return { index, status: outcome.status, id: outcome.interaction.id }
  const { status } = outcome
  return status === 'taken'
    ? { index, status: 'invalid', error: idTaken.detail }
    : { index, status, error: contentNotFound.detail }
}

const createMany = route(
  'POST /v1/interactions/bulk',
  {
    id: 'recordInteractions',
    tag: 'Interactions',
    summary: 'Record up to 500 interactions',
    description:
      'Each has a result of its own: one that is wrong does not stop the rest. The limit counts interactions, not requests; when they do not all fit, the answer is 429 and none is kept. The body may have 1 MiB.',
    may: 'write',
    limit: 'interactions',
    counts: ({ interactions }) => interactions.length,
    once: true,
    body: BulkBody,
    largest_body: LARGEST_BULK,
    example: {
      interactions: [NEW_INTERACTION, { ...NEW_INTERACTION, interaction_type: 'rate', rating: 4.5 }],
    },
    gives: {
      body: BulkAnswer,
      text: 'A result for each interaction of the request, in its order.',
      example: {
        results: [
          { index: 0, status: 'created', id: INTERACTION.id },
          { index: 1, status: 'not_found', error: contentNotFound.detail },
        ],
      },
    },
  },
  {
    prepare: async ({ sql, user, body }) => {
      const read = readRows(body.interactions)
      const ids = [...new Set(read.rows.map(({ row }) => row.content_id))]
      return { ...read, contents: await findContents(sql, user.id, ids) }
    },
    handle: async ({ tx, user, prepared: { rows, faults, contents } }) => {
      const outcomes = await record(
        tx,
        user.id,
        rows.map(({ row }) => row),
        contents,
      )
      const results = rows.map(({ index }, at) => resultOf(index, outcomes[at]!))
      return { results: [...results, ...faults].sort((a, b) => a.index - b.index) }
    },
  },
)

const getOne = route(
  'GET /v1/interactions/:id',
  {
    id: 'getInteraction',
    tag: 'Interactions',
    summary: 'One interaction',
    description: 'One of your own.',
    may: 'read',
    limit: 'default',
    params: InteractionParams,
    gives: { body: InteractionAnswer, text: 'The interaction.', example: INTERACTION },
    problems: [interactionNotFound],
  },
  async ({ sql, user, params: { id } }) => {
    const interaction = await findInteraction(sql, user.id, id)
    if (!interaction) throw interactionNotFound()
    return interaction
  },
)

const edit = route(
  'PATCH /v1/interactions/:id',
  {
    id: 'editInteraction',
    tag: 'Interactions',
    summary: 'Change an interaction',
    description:
      'What is left out stays; content and time stay as they are. Another rating of a `rate` is your rating of the content from now on.',
    may: 'write',
    limit: 'writes',
    params: InteractionParams,
    body: EditBody,
    example: { duration_ms: 12_000 },
    gives: {
      body: InteractionAnswer,
      text: 'The interaction as it is now.',
      example: { ...INTERACTION, duration_ms: 12_000 },
    },
    problems: [interactionNotFound, rateWithoutRating],
    aliases: ['PUT /v1/interactions/:id'],
    audit: { of: 'interaction', actions: ['interaction_edited'] },
  },
  async ({ tx, user, params: { id }, body, audit }) => {
    const before = await lockInteraction(tx, user.id, id)
    if (!before) throw interactionNotFound()
    const after = { ...before, ...body }
    const { content_id, rating } = after
    if (after.interaction_type === 'rate' && rating === null) throw rateWithoutRating()
    const changed = await changeInteraction(tx, before, after)
    const isNew = before.interaction_type !== 'rate' || before.rating !== rating
    if (after.interaction_type === 'rate' && isNew) {
      await rateContents(tx, user.id, [{ content_id, rating: rating! }])
    }
    await audit(id, { fields: Object.keys(body) })
    return changed
  },
)

const remove = route(
  'DELETE /v1/interactions/:id',
  {
    id: 'deleteInteraction',
    tag: 'Interactions',
    summary: 'Remove an interaction',
    description: 'Your rating of the content stays, where it was one.',
    may: 'write',
    limit: 'writes',
    params: InteractionParams,
    gives: { text: 'It is gone. No body.' },
    problems: [interactionNotFound],
    audit: { of: 'interaction', actions: ['interaction_deleted'] },
  },
  async ({ tx, user, params: { id }, audit }) => {
    if (!(await deleteInteraction(tx, user.id, id))) throw interactionNotFound()
    await audit(id)
  },
)

export const interactionRoutes = [
  create,
  createMany,
  ...listRoutes,
  ...analyticsRoutes,
  getOne,
  edit,
  remove,
  statsOfUser,
]
