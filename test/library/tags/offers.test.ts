// Tags that are offered to several at once, under several names, while somebody changes them.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { emit } from '../../../src/ground/domain-events.ts'
import { moveContent } from '../../../src/library/contents/addresses.ts'
import { contentReady } from '../../../src/library/events.ts'
import { normaliseUrl } from '../../../src/library/links/normalise-url.ts'
import { offerListeners } from '../../../src/library/tags/on-saves/offer-tags.ts'
import { bumpLibrary } from '../../../src/library/versions/store.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { usesRealPostgres } from '../../support/database.ts'
import { untilLocked } from '../../support/locks.ts'
import { newPerson, type Person } from './people.ts'

let trove: Trove
let admin: Person
let alice: Person
beforeAll(async () => {
  trove = await startTrove({ RATE_LIMIT_ENABLED: 'false' })
  admin = await newPerson(trove, 'admin')
  alice = await newPerson(trove)
})
afterAll(() => trove.stop())

let links = 0
const newLink = () => `https://youtube.com/watch?v=${String(++links).padStart(11, 'b')}`

async function save(person: Person, url = newLink()) {
  const { body } = await person.post('/v1/items', { url })
  return { id: body.save.id as string, content_id: body.content.id as string, url, tags: body.save.tags }
}

/** As when it was read and understood. */
const understand = (content_id: string, subcategories: string[]) =>
  trove.database.sql.begin(async tx => {
    await tx`
      update shared_contents
      set status = 'READY', subcategories = ${tx.json(subcategories)}
      where id = ${content_id}`
    await emit(tx, trove.context, contentReady, {
      ...{ content_id, is_other: true, attempt: crypto.randomUUID() },
    })
  })

interface Tag {
  id: string
  name: string
  source: string
}
const tagsOf = async (person: Person, id: string): Promise<Tag[]> =>
  (await person.get(`/v1/items/${id}`)).body.save.tags
const namesOf = async (person: Person, id: string) =>
  (await tagsOf(person, id)).map(({ name, source }) => `${name} ${source}`)

test('what was dropped does not come back under another name of its tag', async () => {
  const meal = await alice.tag('Late meal')
  await alice.post(`/v1/tags/${meal}/aliases`, { name: 'Elevenses' })
  const { id, content_id } = await save(alice)
  await understand(content_id, ['Elevenses'])
  expect(await namesOf(alice, id)).toEqual(['Late meal ai'])
  await alice.remove(`/v1/items/${id}/tags/${meal}`)
  await understand(content_id, ['Elevenses'])
  expect(await namesOf(alice, id)).toEqual([])
})

test('what the user has chosen is not offered once more, when a shared tag has its name', async () => {
  const { id, content_id } = await save(alice)
  const other = await save(await newPerson(trove), newLink())
  await alice.patch(`/v1/items/${id}`, { tags: ['Tea'] })
  await admin.tag('Tea', { is_shared: true })
  await understand(content_id, ['TEA'])
  await understand(other.content_id, ['TEA'])
  expect(await namesOf(alice, id)).toEqual(['Tea user'])
})

test('who saves what is READY is answered with its tags', async () => {
  const first = await save(alice)
  await understand(first.content_id, ['Answered'])
  const { tags } = await save(await newPerson(trove), first.url)
  expect(tags.map(({ name, source }: Tag) => `${name} ${source}`)).toEqual(['Answered ai'])
})

test('of two saves that turn out to be one the chosen and the dropped tags stay', async () => {
  const [gone, kept] = [await save(alice), await save(alice)]
  await alice.patch(`/v1/items/${gone.id}`, { tags: ['Of both', 'Of the first'] })
  await understand(kept.content_id, ['Of both', 'Offered', 'Not wanted'])
  await understand(gone.content_id, ['Not wanted', 'Of the old content'])
  const notWanted = (await tagsOf(alice, gone.id)).find(({ name }) => name === 'Not wanted')!
  await alice.remove(`/v1/items/${gone.id}/tags/${notWanted.id}`)
  const { sql } = trove.database
  const [run] = await sql<{ attempt: string }[]>`
    select attempt from shared_contents where id = ${gone.content_id}`
  await sql.begin(tx =>
    moveContent(
      tx,
      { content_id: gone.content_id, attempt: run!.attempt },
      normaliseUrl(kept.url, trove.context.config)!,
      true,
    ),
  )
  await understand(kept.content_id, ['Of both', 'Offered', 'Not wanted'])
  const names = ['Of both user', 'Of the first user', 'Offered ai']
  expect([await namesOf(alice, gone.id), await namesOf(alice, kept.id)]).toEqual([names, names])
})

test('a tag that is removed or merged while saves are given it is on nothing, and the other one on all', async () => {
  const saves = await Promise.all(Array.from({ length: 8 }, () => save(alice)))
  const { sql } = trove.database
  for (let round = 0; round < 4; round++) {
    const into = await alice.tag(`Lasting ${round}`)
    const from = await alice.tag(`Fleeting ${round}`)
    const merges = round % 2 === 0
    const ends = merges
      ? () => alice.post(`/v1/tags/${from}/merge`, { into })
      : () => alice.remove(`/v1/tags/${from}`)
    const answers = await Promise.all([
      ...saves.slice(0, 4).map(({ id }) => alice.patch(`/v1/items/${id}`, { tags: [`Fleeting ${round}`] })),
      ends(),
      ...saves.slice(4).map(({ id }) => alice.patch(`/v1/items/${id}`, { tags: [`Fleeting ${round}`] })),
    ])
    expect(answers.filter(({ status }) => status >= 300).map(({ body }) => body)).toEqual([])
    if (!merges) continue
    for (const { id } of saves) expect(await namesOf(alice, id)).toEqual([`Lasting ${round} user`])
  }
  const lost =
    await sql`select from save_tags st where not exists (select from tags t where t.id = st.tag_id)`
  expect(lost.length).toBe(0)
})

describe.if(usesRealPostgres)('locks are taken in one order', () => {
  /** A reading that offers `name` to who has `content_id`, up to where it tells the library; then `meanwhile` has begun. */
  async function readingWhile(
    { content_id }: { content_id: string },
    meanwhile: () => Promise<{ status: number }>,
    { countsFirst = false } = {},
  ): Promise<number> {
    const { context, database } = trove
    let answer: Promise<{ status: number }> | undefined
    const offer = (tx: Parameters<Parameters<typeof database.sql.begin>[1]>[0]) =>
      offerListeners[0]!.hear(tx, { content_id, is_other: true }, context)
    await database.sql.begin(async tx => {
      await tx`update library_counts set items = items where user_id = ${alice.id}`
      if (!countsFirst) await offer(tx)
      answer = meanwhile()
      await untilLocked(database.sql, '')
      if (countsFirst) await offer(tx)
      await bumpLibrary(tx, alice.id)
    })
    return (await answer!).status
  }
  const readyWith = async (name: string) => {
    const { content_id, url } = await save(await newPerson(trove))
    const { sql } = trove.database
    await sql`
      update shared_contents
      set status = 'READY', subcategories = ${sql.json([name])}
      where id = ${content_id}`
    return { content_id, url }
  }

  test('by who edits or saves while a content of theirs is read', async () => {
    const found: Record<string, number> = {}
    for (const act of ['edit', 'edit and count', 'save']) {
      const name = `Same for ${act}`
      const { content_id, url } = await readyWith(name)
      const other = await readyWith(name)
      await alice.post('/v1/items', { url })
      const { id } = await save(alice)
      const { sql } = trove.database
      await sql`delete from save_tags where user_id = ${alice.id}`
      await sql`delete from tags where owner_id = ${alice.id}`
      await sql`delete from dropped_tags where user_id = ${alice.id}`
      if (act === 'edit') {
        const edit = () => alice.patch(`/v1/items/${id}`, { tags: [name] })
        found[act] = await readingWhile({ content_id }, edit)
      } else if (act === 'edit and count') {
        const edit = () => alice.patch(`/v1/items/${id}`, { tags: [name], is_favorited: true })
        found[act] = await readingWhile({ content_id }, edit, { countsFirst: true })
      } else if (act === 'save') {
        const post = () => alice.post('/v1/items', { url: other.url })
        await sql`delete from library_counts where user_id = ${alice.id}`
        found[act] = await readingWhile({ content_id }, post)
      }
    }
    expect(found).toEqual({ edit: 200, 'edit and count': 200, save: 201 })
  })
})
