import { Elysia } from 'elysia'
import { auth } from '../../accounts/auth.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../errors.ts'
import { isNotModified, notModified } from '../../http/conditional.ts'
import { answers } from '../../http/openapi.ts'
import { findActiveModel, findNearest, findNearestOfUser } from '../vectors/store.ts'
import { type Fused, fuseRanks } from './fuse-ranks.ts'
import { keepRelevant } from './keep-relevant.ts'
import { SearchAnswer, SearchQuery } from './schema.ts'
import { findByWords, findResults, type Hit } from './store.ts'

/** How many each way of searching hands to the fusion, at least. */
const CANDIDATES = 50

/** Searching by words, by meaning, or by both. Archived saves are found too: that is how they are got back. */
export function searchRoutes({ config, database, log, models, ...context }: Context) {
  const { sql } = database
  const least_savers = config.SHARED_MIN_SAVERS

  /** Undefined when the active model gave no vector: another's can't be compared with what is kept. */
  async function embed(q: string): Promise<{ vector: Float32Array; model: string } | undefined> {
    try {
      const active = await findActiveModel(sql, models.embeddingModel)
      const { model, vectors } = await models.embed([q], active)
      const [vector] = vectors
      if (vector instanceof Error) throw vector
      return vector && model === active ? { vector, model } : undefined
    } catch (error) {
      log.warn('A search could not be embedded', { error })
      return undefined
    }
  }

  return new Elysia({ prefix: '/v1/search', tags: ['Search'] })
    .use(auth({ config, database, log, models, ...context }))
    .get(
      '',
      async ({ query, user, request, set }) => {
        const { q, scope, limit } = query
        // What others save is in no library's version.
        if (scope === 'mine' && isNotModified(request, set, user)) return notModified() as never
        const most = Math.max(limit, CANDIDATES)
        const wanted = scope === 'all' ? { q, scope, least_savers } : { q, scope }
        const byWords = () => findByWords(sql, user.id, wanted, most)
        const byMeaning = async () => {
          const embedded = await embed(q)
          if (!embedded) return undefined
          const near =
            scope === 'all'
              ? findNearest(sql, user.id, embedded, most, least_savers)
              : findNearestOfUser(sql, user.id, embedded, most)
          return keepRelevant(await near, embedded.model)
        }
        const [words, meaning] = await Promise.all([
          query.mode === 'semantic' ? undefined : byWords(),
          query.mode === 'text' ? undefined : byMeaning(),
        ])
        // Without the model this is less than the library holds: nothing to compare the next answer with.
        if (query.mode !== 'text' && !meaning) delete set.headers.etag
        if (query.mode === 'semantic' && !meaning) {
          throw new Problem(503, 'MODEL_UNAVAILABLE', 'The model is not available. Try again shortly.', {
            retry_after: 5,
          })
        }
        const ranked = rank(words, meaning)
        const page = ranked.slice(0, limit)
        const found = await findResults(
          sql,
          user.id,
          page.map(({ id }) => id),
        )
        // What was removed between the two queries is left out.
        const results = page.flatMap(({ id, score, matched }) => {
          const result = found.get(id)
          return result ? [{ ...result, score, matched }] : []
        })
        const mode = query.mode === 'hybrid' && !meaning ? ('text' as const) : query.mode
        return { results, mode, total: ranked.length }
      },
      {
        auth: 'searches',
        query: SearchQuery,
        response: answers({ 200: SearchAnswer }, [304, 401, 422]),
        detail: {
          operationId: 'search',
          summary: 'Search by words and meaning',
          description:
            'Hybrid search fuses the ranks of full text and of vectors. Notes are found in your own saves only. With scope=all what others have saved is found too, where it is public: videos and posts, and pages that several people have and whose address holds no parameters.',
        },
      },
    )
}

/** One way of searching keeps its own score; two are fused. */
function rank(words: Hit[] | undefined, meaning: Hit[] | undefined): Fused[] {
  if (!words || !meaning) {
    const way = words ? ('text' as const) : ('semantic' as const)
    return (words ?? meaning ?? []).map(({ id, score }) => ({ id, score, matched: [way] }))
  }
  return fuseRanks([
    { way: 'text', ids: words.map(({ id }) => id) },
    { way: 'semantic', ids: meaning.map(({ id }) => id) },
  ])
}
