import type { Permission } from './accounts/permissions.ts'
import type { Account } from './accounts/store.ts'
import type { Context } from './context.ts'
import { routesOf } from './ground/http/route.ts'

/** Declares a route of Trove. */
export const route = routesOf<Context, Account, Permission>()
