import * as v from 'valibot'
import { nameSchemas } from '../../../ground/http/openapi/named-schemas.ts'
import { queryInteger } from '../../../ground/http/schemas.ts'
import { route } from '../../../route.ts'
import { TAG } from '../examples.ts'
import { TagAnswer } from '../schema.ts'
import { listPopular } from './store.ts'

const PopularAnswer = v.array(
  v.object({ ...v.pick(TagAnswer, ['id', 'name']).entries, cardinality: v.number() }),
)

const PopularQuery = v.object({
  limit: queryInteger(20, 1, 100),
  content_source: v.optional(v.picklist(['items', 'auto'], 'must be items or auto')),
  min_cardinality: queryInteger(1, 0, 1_000_000_000),
})

nameSchemas({ PopularTags: PopularAnswer })

export const getPopular = route(
  'GET /v1/tags/popular',
  {
    id: 'listPopularTags',
    tag: 'Tags',
    summary: 'The tags of which there is most',
    description:
      'Of shared tags what is public counts, and all that is yours; of your own tags what is yours. Counted daily.',
    may: 'read',
    limit: 'default',
    query: PopularQuery,
    gives: {
      body: PopularAnswer,
      text: 'The tags, the largest first.',
      example: [{ id: TAG.id, name: TAG.name, cardinality: 150 }],
    },
  },
  ({ sql, user, query }) => listPopular(sql, user.id, query),
)
