// Counts who is not signed in: by the network that they ask from.
import { Elysia } from 'elysia'
import type { Context } from '../../context.ts'
import { clientNetwork } from '../client-address.ts'
import { readJson } from '../json-body.ts'
import { type Answer, rateLimiter } from '../rate-limit.ts'
import type { LimitName } from './limits.ts'

/** What tells in the description of the API, and to a test, which limit counts a route. */
export const namesLimit = (name: LimitName) => ({ 'x-rate-limit': name }) as never

/** The macro `limit: 'register'`: counts, then reads the body, if the route has one, as JSON. */
export function limitedByAddress(context: Context) {
  const limiter = rateLimiter(context)
  const counted = new WeakMap<Request, Promise<unknown>>()

  return new Elysia({ name: 'limited-by-address' }).macro({
    limit: (name: LimitName) => {
      const once = async ({ request, set }: { request: Request; set: Answer }) => {
        const counting = counted.get(request) ?? limiter.count(name, clientNetwork(request), set)
        counted.set(request, counting)
        await counting
      }
      return {
        detail: namesLimit(name),
        parse: async (asked: { request: Request; set: Answer }) => {
          await once(asked)
          return readJson(asked.request)
        },
        transform: once,
      }
    },
  })
}
