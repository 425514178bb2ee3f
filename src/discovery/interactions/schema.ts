import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Id, jsonObject, list, READ_AS, Time } from '../../ground/http/schemas.ts'
import { INTERACTION_TYPES } from '../../vocabulary.ts'

export const TypeName = v.picklist(INTERACTION_TYPES, `must be one of: ${INTERACTION_TYPES.join(', ')}`)

const A_DAY = 86_400_000
const Rating = v.pipe(
  v.number(),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(5, 'must be at most 5'),
  v.multipleOf(0.5, 'must be in halves'),
)
const Duration = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(A_DAY, `must be at most ${A_DAY}`),
)
const Metadata = jsonObject(4)

export const RATE_WITHOUT_RATING = 'is required with interaction_type rate'

/** Compared with each other, and Postgres writes ids so. */
const LowerId = v.pipe(Id, v.toLowerCase())

export const InteractionParams = v.object({ id: Id })

export const NewInteraction = v.pipe(
  v.object({
    id: v.optional(LowerId),
    content_id: LowerId,
    interaction_type: TypeName,
    rating: v.optional(v.nullable(Rating), null),
    duration_ms: v.optional(v.nullable(Duration), null),
    metadata: v.optional(Metadata, {}),
  }),
  v.forward(
    v.check(
      ({ interaction_type, rating }) => interaction_type !== 'rate' || rating !== null,
      RATE_WITHOUT_RATING,
    ),
    ['rating'],
  ),
)
export type NewInteraction = v.InferOutput<typeof NewInteraction>

export const MOST_IN_BULK = 500

/** Anything may stand as a row: one that is wrong is told so in its own result. */
export const BulkBody = v.object({
  interactions: list(
    v.pipe(v.unknown(), v.metadata({ [READ_AS]: () => ({ $ref: '#/components/schemas/NewInteraction' }) })),
    1,
    MOST_IN_BULK,
  ),
})

export const BulkAnswer = v.object({
  results: v.array(
    v.object({
      index: v.number(),
      status: v.picklist(['created', 'duplicate', 'invalid', 'not_found']),
      id: v.optional(Id),
      error: v.optional(v.string()),
    }),
  ),
})
export type BulkResult = v.InferOutput<typeof BulkAnswer>['results'][number]

export const EditBody = v.pipe(
  v.object({
    interaction_type: v.optional(TypeName),
    rating: v.optional(v.nullable(Rating)),
    duration_ms: v.optional(v.nullable(Duration)),
    metadata: v.optional(Metadata),
  }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
)

export const InteractionAnswer = v.object({
  id: Id,
  user_id: Id,
  content_id: Id,
  interaction_type: TypeName,
  rating: v.nullable(v.number()),
  duration_ms: v.nullable(v.number()),
  metadata: v.record(v.string(), v.unknown()),
  created_at: Time,
  updated_at: Time,
})
export type Interaction = v.InferOutput<typeof InteractionAnswer>

nameSchemas({
  Interaction: InteractionAnswer,
  NewInteraction,
  InteractionEdit: EditBody,
  InteractionBulk: BulkBody,
  InteractionBulkResults: BulkAnswer,
})
