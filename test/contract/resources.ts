// What a user has, so that every route can be asked about something: made by the routes themselves, from the bodies that
// they show as examples.
import { mayDo, type Permission, permissionsOf } from '../../src/accounts/permissions.ts'
import type { Route } from '../../src/ground/http/route.ts'
import { SAVE } from '../../src/library/examples.ts'
import type { Trove, User } from '../support/app.ts'

/** Whether normal users may ask a route, and not admins alone. */
export const isForEverybody = (may: string): boolean => mayDo(permissionsOf('normal'), may as Permission)

export interface Resources {
  /** The route's path, its ids those of what the user has. */
  pathOf(route: Route): string
  /** The route that makes what a list holds. */
  creatorOf(list: Route): Route | undefined
  /** Makes one, from the route's example, which is varied by a number. */
  create(route: Route, variation: number): Promise<string>
  vary<Example>(example: Example, variation: number): Example
  /** Further parameters with which a list holds what was made just now. */
  everythingOf(list: Route): string
  /** What is not as it was when it was made. */
  changed(): Promise<string[]>
}

/** Examples are varied so often. */
const VARIATIONS = 10

/** Makes one of everything that has an id, for a user. */
export async function createResources(trove: Trove, routes: Route[], user: User): Promise<Resources> {
  /** By the path of a collection, such as `/v1/webhooks`. */
  const ids = new Map<string, string>()
  const collectionOf = (location: string) => location.slice(0, location.lastIndexOf('/'))
  const creators = routes.filter(({ says }) => says.gives.location && isForEverybody(says.may))

  const { sql } = trove.database
  // Where an example names a save, each variation has a work of its own: nothing is bookmarked twice.
  const works = Array.from({ length: VARIATIONS }, () => crypto.randomUUID())
  await sql`
    insert into works ${sql(works.map(id => ({ user_id: user.id, id, content_type: 'text', title: 'A work' })))}`
  const vary = <Example>(example: Example, variation: number): Example => {
    const text = JSON.stringify(example, (key, value) => {
      if (typeof value !== 'string' || key === 'email') return value
      if (value === SAVE.id) return works[variation]
      if (/^#[\da-f]{6}$/i.test(value) || key === 'content_source_type') return value
      // What an example is about is something that the user has.
      if (key === 'content_id') return ids.get('/v1/items')
      const marked = String(variation).padStart(4, '0')
      if (URL.canParse(value)) return value.replace(/(?<=[\w-]{4})[\w-]{4}(?=&|$)/, marked)
      return key === 'events' || key === 'interaction_type' || /^\d+$/.test(key)
        ? value
        : `${value} ${marked}`
    })
    return text === undefined ? example : JSON.parse(text)
  }
  const create = async (route: Route, variation: number): Promise<string> => {
    const { status, headers, body } = await user.post(pathOf(route), vary(route.says.example, variation))
    if (status >= 300) throw new Error(`${route.address} answered ${status}: ${JSON.stringify(body)}`)
    return headers.get('location')!
  }
  /** What stands for a parameter wherever it is. */
  const named = (part: string) => ({ ':content_id': ids.get('/v1/items'), ':interaction_type': 'view' })[part]
  const pathOf = ({ path }: Route): string => {
    let filled = ''
    for (const part of path.slice(1).split('/')) {
      filled += `/${part.startsWith(':') ? (ids.get(filled) ?? named(part) ?? crypto.randomUUID()) : part}`
    }
    return filled
  }

  ids.set('/v1/users', user.id)
  for (const route of creators) {
    const location = await create(route, 0)
    ids.set(collectionOf(location), location.slice(location.lastIndexOf('/') + 1))
  }
  // What no request makes: a run does, or the queue.
  const cluster = crypto.randomUUID()
  await sql`
    insert into clusters (user_id, id, label, item_count, centroid, model)
    values (${user.id}, ${cluster}, 'A label', 1, array_fill(0.1, array[512])::vector, 'test')`
  ids.set('/v1/clusters', cluster)
  const [job] = await sql<{ id: string }[]>`select id from jobs where user_id = ${user.id}`
  ids.set('/v1/jobs', job!.id)
  const webhook = ids.get('/v1/webhooks')!
  const delivery = crypto.randomUUID()
  await sql`
    insert into webhook_deliveries (user_id, id, webhook_id, event, data)
    values (${user.id}, ${delivery}, ${webhook}, 'content.ready', '{}')`
  ids.set(`/v1/webhooks/${webhook}/deliveries`, delivery)

  const state = async () =>
    (
      await Promise.all(
        [...ids].map(async ([collection, id]) => {
          const { status, body } = await user.get(`${collection}/${id}`)
          // When it was looked at last is no change.
          return status === 200 ? JSON.stringify(body).replace(/"last_viewed_at":[^,}]+/, '') : ''
        }),
      )
    ).map((text, i) => `${[...ids.keys()][i]} ${text}`)
  await state()
  const before = await state()

  return {
    pathOf,
    create,
    vary,
    creatorOf: list =>
      creators.find(({ says, path }) => says.tag === list.says.tag && path.startsWith(list.path)),
    everythingOf: ({ says }) => ('status' in (says.query?.entries ?? {}) ? '&status=all' : ''),
    changed: async () => {
      const after = await state()
      return after.filter((text, i) => text !== before[i])
    },
  }
}
