import * as v from 'valibot'
import { UserId } from '../../../accounts/users/schema.ts'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer } from '../../../ground/http/paging.ts'
import { Id, QueryTime, queryInteger } from '../../../ground/http/schemas.ts'
import { InteractionAnswer, TypeName } from '../schema.ts'

const Passed = v.optional(queryInteger(0, 0, 1_000_000).wrapped)

interface Skipping {
  skip?: number | undefined
  offset?: number | undefined
}

/** `skip` is what other systems call `offset`. */
const skipOnce = <Query extends Skipping>({ skip, offset = skip ?? 0, ...rest }: Query) => ({
  ...rest,
  offset,
})
const isOneNumber = ({ skip, offset }: Skipping) =>
  skip === undefined || offset === undefined || skip === offset
const ONE_NUMBER = 'must be the same as offset, or left out'

const pageEntries = {
  limit: queryInteger(100, 1, 1000),
  skip: v.pipe(Passed, v.description('The same as `offset`, for clients of other systems.')),
  offset: Passed,
  cursor: v.optional(v.string()),
  from: QueryTime,
  to: QueryTime,
}

/** A list of which everything is known but what its path says. */
export const PresetQuery = v.pipe(
  v.object(pageEntries),
  v.forward(
    v.check(query => isOneNumber(query), ONE_NUMBER),
    ['skip'],
  ),
  v.transform(query => skipOnce(query)),
)

export const ListQuery = v.pipe(
  v.object({
    ...pageEntries,
    interaction_type: v.optional(TypeName),
    content_id: v.optional(v.pipe(Id, v.toLowerCase())),
  }),
  v.forward(
    v.check(query => isOneNumber(query), ONE_NUMBER),
    ['skip'],
  ),
  v.transform(query => skipOnce(query)),
)

export const TypeParams = v.object({ interaction_type: TypeName })
export const ContentParams = v.object({ content_id: v.pipe(Id, v.toLowerCase()) })
export const UserParams = v.object({ id: UserId })

export const ListAnswer = v.object({
  items: v.array(InteractionAnswer),
  skip: v.number(),
  ...pagingAnswer,
})

nameSchemas({ InteractionPage: ListAnswer })
