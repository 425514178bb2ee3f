import type { Account } from './accounts/admission/store.ts'
import type { Permission } from './accounts/permissions.ts'
import type { Context } from './context.ts'
import { routesOf } from './ground/http/route.ts'

/** Declares a route of Trove. */
export const route = routesOf<Context, Account, Permission>()
