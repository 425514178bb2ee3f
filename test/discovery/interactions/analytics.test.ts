// What is counted of interactions, held against counting each row.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import countInteractions from '#jobs/count-interactions'
import { daysFrom, firstOf } from '../../../src/discovery/interactions/analytics/days.ts'
import { INTERACTION_TYPES } from '../../../src/vocabulary.ts'
import { startTrove, type Trove } from '../../support/app.ts'
import { newPerson, newSave, newWork, type Person } from './people.ts'

interface Row {
  user_id: string
  content_id: string
  interaction_type: string
  rating: number | null
  duration_ms: number | null
  created_at: string
}

let trove: Trove
let people: Person[]
let root: Person
let rows: Row[]
/** Of the first person: two saves, a work, and a public work. */
let contents: string[]
const TODAY = firstOf(1)
beforeAll(async () => {
  trove = await startTrove()
  const { sql } = trove.database
  people = await Promise.all(Array.from({ length: 4 }, () => newPerson(trove)))
  root = await newPerson(trove, 'admin')
  const [alice, bob] = people as [Person, Person]
  contents = [
    await newSave(alice),
    await newSave(alice),
    await newWork(trove, alice, { content_category: 'Travel', file_size: 1000 }),
    await newWork(trove, alice, { is_public: true, source_type: 'auto', file_size: 234 }),
  ]
  await sql`update user_content_saves set category = 'Tech' where id = ${contents[0]!}`
  const names = ['red', 'green', 'blue', 'bobs']
  const tags = names.map(name => ({
    id: crypto.randomUUID(),
    owner_id: name === 'bobs' ? bob.id : alice.id,
    name,
    name_key: name,
  }))
  await sql`insert into tags ${sql(tags)}`
  const [red, green, blue, bobs] = tags.map(({ id }) => id) as [string, string, string, string]
  for (const [save_id, tag_id] of [
    [contents[0]!, red],
    [contents[0]!, green],
    [contents[1]!, green],
  ] as const)
    await sql`insert into save_tags (user_id, save_id, tag_id, source) values (${alice.id}, ${save_id}, ${tag_id}, 'user')`
  for (const tag_id of [green, blue])
    await sql`insert into work_tags (user_id, work_id, tag_id, source) values (${alice.id}, ${contents[2]!}, ${tag_id}, 'user')`
  const bobsWork = await newWork(trove, bob)
  await sql`insert into work_tags (user_id, work_id, tag_id, source) values (${bob.id}, ${bobsWork}, ${bobs}, 'user')`

  let seed = 7
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const now = Date.now()
  rows = Array.from({ length: 800 }, () => {
    const who = random(4)
    const interaction_type = INTERACTION_TYPES[random(INTERACTION_TYPES.length)]!
    return {
      user_id: people[who]!.id,
      content_id: who === 0 ? contents[random(4)]! : contents[3]!,
      interaction_type,
      rating: interaction_type === 'rate' ? (random(9) + 2) / 2 : null,
      duration_ms: random(3) ? random(90_000) : null,
      // Up to 45 days, none of them in the future.
      created_at: new Date(now - random(45 * 86_400) * 1000).toISOString(),
    }
  })
  await sql`insert into interactions ${sql(rows.map(row => ({ ...row, id: crypto.randomUUID() })))}`
})
afterAll(() => trove.stop())

const dayOf = ({ created_at }: Row) => created_at.slice(0, 10)
const tally = (keys: string[]) =>
  Object.fromEntries(Object.entries(Object.groupBy(keys, key => key)).map(([key, all]) => [key, all!.length]))
const mean = (all: (number | null)[]) => {
  const given = all.filter(it => it !== null)
  return given.length > 0 ? given.reduce((sum, it) => sum + it, 0) / given.length : null
}
const within = (days: number) => rows.filter(row => dayOf(row) >= firstOf(days))
const users = (some: Row[]) => new Set(some.map(({ user_id }) => user_id)).size
const byDay = (some: Row[]) => [...new Set(some.map(dayOf))].sort()

test('what a user does is counted by kind, day and hour, category and tag', async () => {
  const alice = people[0]!
  for (const days of [1, 7, 30, 365]) {
    const mine = within(days).filter(({ user_id }) => user_id === alice.id)
    const { status, body } = await alice.get(
      `/v1/interactions/analytics/user-behavior/${alice.id}?days=${days}`,
    )
    expect([status, body.days, body.total_interactions]).toEqual([200, days, mine.length])
    expect(body.by_type).toEqual(tally(mine.map(it => it.interaction_type)))
    const perDay = tally(mine.map(dayOf))
    expect(body.by_day).toEqual(byDay(mine).map(day => ({ day, count: perDay[day] })))
    const perHour = tally(mine.map(({ created_at }) => String(Number(created_at.slice(11, 13)))))
    const counted = body.top_hours.map(({ hour, count }: { hour: number; count: number }) => [
      String(hour),
      count,
    ])
    expect(Object.fromEntries(counted)).toEqual(perHour)
    expect(body.top_hours.map(({ count }: { count: number }) => count)).toEqual(
      Object.values(perHour).sort((a, b) => b! - a!),
    )
    const categories: Record<string, string> = {
      [contents[0]!]: 'Tech',
      [contents[1]!]: 'Misc',
      [contents[2]!]: 'Travel',
    }
    const named = (all: { category?: string; name?: string; count: number }[]) =>
      Object.fromEntries(all.map(({ category, name, count }) => [category ?? name, count]))
    expect(named(body.top_categories)).toEqual(tally(mine.flatMap(it => categories[it.content_id] ?? [])))
    const tags: Record<string, string[]> = {
      [contents[0]!]: ['red', 'green'],
      [contents[1]!]: ['green'],
      [contents[2]!]: ['green', 'blue'],
    }
    expect(named(body.top_tags)).toEqual(tally(mine.flatMap(it => tags[it.content_id] ?? [])))
    const ratings = mean(mine.map(({ rating }) => rating))
    if (ratings === null) expect(body.average_rating).toBeNull()
    else expect(body.average_rating).toBeCloseTo(ratings, 9)
    expect(body.total_duration_ms).toBe(mine.reduce((sum, it) => sum + (it.duration_ms ?? 0), 0))
  }
})

test('what everybody did with a content is told to its owner in counts', async () => {
  const [alice, bob] = people as [Person, Person]
  const all = rows.filter(({ content_id }) => content_id === contents[3])
  const last = new Map(
    all
      .filter(({ interaction_type }) => interaction_type === 'rate')
      .sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
      .map(({ user_id, rating }) => [user_id, rating]),
  )
  const path = `/v1/interactions/analytics/content/${contents[3]}`
  const { body } = await alice.get(path)
  expect(body).toEqual({
    content_id: contents[3],
    total_interactions: all.length,
    by_type: tally(all.map(it => it.interaction_type)),
    unique_users: users(all),
    rating_count: last.size,
    average_rating: expect.closeTo(mean([...last.values()])!, 9),
    mean_dwell_ms: expect.closeTo(
      mean(all.filter(it => it.interaction_type === 'dwell').map(it => it.duration_ms))!,
      6,
    ),
  })
  expect((await root.get(path)).body).toEqual(body)
  // It is public, and still nobody else's to know.
  expect((await bob.get(path)).body.error_code).toBe('CONTENT_NOT_FOUND')
})

test('what all do is the same before the days that are over were counted and after, and is counted once', async () => {
  const { sql } = trove.database
  const read = async (days: number) => (await root.get(`/v1/interactions/analytics/global?days=${days}`)).body
  const expected = (days: number) => {
    const all = within(days)
    return {
      days,
      total_interactions: all.length,
      by_type: tally(all.map(it => it.interaction_type)),
      by_day: byDay(all).map(day => {
        const those = all.filter(row => dayOf(row) === day)
        return { day, count: those.length, users: users(those) }
      }),
    }
  }
  const count = async () => {
    const [write] = await countInteractions.run([{}], trove.context)
    await sql.begin(tx => (write as (tx: typeof sql) => Promise<void>)(tx as never))
  }
  const all = () => Promise.all([1, 7, 30, 365].map(read))
  const before = await all()
  expect(before).toEqual([1, 7, 30, 365].map(expected))
  await count()
  const [counted] = await sql<{ days: number; last: string }[]>`
    select count(distinct day) as days, max(day)::text as last from interaction_days`
  expect(counted).toEqual({
    days: byDay(rows.filter(row => dayOf(row) < TODAY)).length,
    last: expect.any(String),
  })
  expect(counted!.last < TODAY).toBe(true)
  expect(await all()).toEqual(before)
  await count()
  expect(await all()).toEqual(before)
  // A day that was missed is made up for, from the rows; those of days that are counted need not be there any more.
  await sql`delete from interaction_days where day >= ${daysFrom(TODAY, -3)}::text::date`
  await sql`delete from interactions where created_at < ${`${daysFrom(TODAY, -10)}T00:00:00.000Z`}`
  expect(await all()).toEqual(before)
  await count()
  expect(await all()).toEqual(before)
})

test('a user’s page tells how much they have, and since when', async () => {
  const { sql } = trove.database
  const carol = await newPerson(trove)
  expect((await carol.get(`/v1/users/${carol.id}/stats`)).body).toEqual({
    user_id: carol.id,
    saves: 0,
    works: 0,
    generations: 0,
    tags: 0,
    categories: 0,
    interactions: 0,
    storage_bytes: 0,
    first_activity: null,
    last_activity: null,
  })
  const save = await newSave(carol)
  const at = ['2025-03-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2025-06-01T00:00:00.000Z'] as const
  await sql`update user_content_saves set created_at = ${at[0]} where id = ${save}`
  await newWork(trove, carol, { file_size: 3_000_000_000, created_at: at[2] })
  const work = await newWork(trove, carol, { file_size: 5, source_type: 'auto', created_at: at[2] })
  const tags = ['one', 'two', 'three'].map(name => ({
    id: crypto.randomUUID(),
    owner_id: carol.id,
    name,
    name_key: name,
  }))
  await sql`insert into tags ${sql(tags)}`
  for (const { id } of tags.slice(0, 2))
    await sql`insert into save_tags (user_id, save_id, tag_id, source) values (${carol.id}, ${save}, ${id}, 'user')`
  for (const { id } of tags.slice(1, 2))
    await sql`insert into work_tags (user_id, work_id, tag_id, source) values (${carol.id}, ${work}, ${id}, 'ai')`
  await carol.post('/v1/interactions', { content_id: work, interaction_type: 'view' })
  await sql`update interactions set created_at = ${at[1]} where user_id = ${carol.id}`
  expect((await carol.get(`/v1/users/${carol.id}/stats`)).body).toEqual({
    user_id: carol.id,
    saves: 1,
    works: 2,
    generations: 1,
    tags: 2,
    categories: 1,
    interactions: 1,
    storage_bytes: 3_000_000_005,
    first_activity: at[0],
    last_activity: at[1],
  })
})
