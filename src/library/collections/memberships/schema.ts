import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { Id, Time } from '../../../ground/http/schemas.ts'
import { CategoryAnswer } from '../categories/schema.ts'
import { CategoryId, Key, listQuery, pageAnswer, pageQuery } from '../schema.ts'

export const MembershipParams = v.object({ id: Key, category_id: CategoryId('The id of the category.') })

const LAST_POSITION = 1_000_000

const Position = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(LAST_POSITION, `must be at most ${LAST_POSITION}`),
)

export const NewMembershipBody = v.object({ category_id: Key, position: v.optional(Position) })
export const PositionBody = v.object({ position: Position })

export const MembershipAnswer = v.object({
  bookmark_id: Id,
  category_id: Id,
  user_id: Id,
  position: v.number(),
  created_at: Time,
})
export type Membership = v.InferOutput<typeof MembershipAnswer>

export const MembershipsQuery = listQuery(pageQuery)
export const MembershipsAnswer = v.object({
  items: v.array(v.object({ ...MembershipAnswer.entries, category: CategoryAnswer })),
  ...pageAnswer,
})

nameSchemas({
  Membership: MembershipAnswer,
  NewMembership: NewMembershipBody,
  MembershipPosition: PositionBody,
  Memberships: MembershipsAnswer,
})
