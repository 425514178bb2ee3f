// Keeping interactions, and what follows from them: a rating is what the user thinks of the content from now on, and what
// was viewed was viewed now. A few statements, however many there are.
import { v7 as uuidv7 } from 'uuid'
import type { Sql } from '../../ground/database/connection.ts'
import { markViewed } from '../../library/items/store.ts'
import { rateContents } from '../../library/ratings/store.ts'
import type { Interaction, NewInteraction } from './schema.ts'
import { type Content, findKept, insertInteractions, type Row } from './store.ts'

export type Outcome =
  | { status: 'created' | 'duplicate'; interaction: Interaction }
  | { status: 'taken' | 'not_found' }

/**
 * Keeps interactions that are new. One that is kept already, under an id that the client chose, is a duplicate, even when
 * its content is gone.
 * @param contents those that the user may interact with, by the ids that stand in `asked`
 * @returns what became of each
 */
export async function record(
  tx: Sql,
  userId: string,
  asked: NewInteraction[],
  contents: Map<string, Content>,
): Promise<Outcome[]> {
  const rows = asked.map(
    (one): Row => ({
      ...one,
      id: one.id ?? uuidv7(),
      content_id: contents.get(one.content_id)?.id ?? one.content_id,
    }),
  )
  const kindOf = (at: number) => contents.get(asked[at]!.content_id)?.kind
  const known = rows.filter((_, at) => kindOf(at))
  const added = new Map((await insertInteractions(tx, userId, known)).map(row => [row.id, row]))
  const outcomes = rows.map((row, at): Outcome | undefined => {
    const interaction = kindOf(at) && added.get(row.id)
    if (!interaction) return undefined
    // Another row with its id is one that was sent again.
    added.delete(row.id)
    return { status: 'created', interaction }
  })
  await follow(tx, userId, outcomes, contents)
  const left = rows.flatMap((row, at) => (outcomes[at] ? [] : [{ row, at }]))
  const sentAgain = left.filter(({ at }) => asked[at]!.id)
  const found = await findKept(
    tx,
    userId,
    sentAgain.map(({ row }) => row),
  )
  for (const { at, is_same, ...interaction } of found)
    outcomes[sentAgain[at]!.at] = is_same ? { status: 'duplicate', interaction } : { status: 'taken' }
  return outcomes.map(outcome => outcome ?? { status: 'not_found' })
}

async function follow(
  tx: Sql,
  userId: string,
  outcomes: (Outcome | undefined)[],
  contents: Map<string, Content>,
): Promise<void> {
  const saves = new Set([...contents.values()].flatMap(({ id, kind }) => (kind === 'save' ? [id] : [])))
  const ratings = new Map<string, number>()
  const viewed = new Set<string>()
  for (const outcome of outcomes) {
    if (outcome?.status !== 'created') continue
    const { content_id, interaction_type, rating } = outcome.interaction
    if (interaction_type === 'rate') ratings.set(content_id, rating!)
    if (['view', 'open'].includes(interaction_type) && saves.has(content_id)) viewed.add(content_id)
  }
  if (ratings.size > 0) {
    const all = [...ratings].map(([content_id, rating]) => ({ content_id, rating }))
    await rateContents(tx, userId, all)
  }
  if (viewed.size > 0) await markViewed(tx, userId, ...viewed)
}
