import type { Room } from '../room.ts'
import { libraryPageRoutes } from './library/routes.ts'
import { sharedPageRoutes } from './shared/routes.ts'

/** Pages for people. */
export const web: Room = { name: 'web', routes: [...libraryPageRoutes, ...sharedPageRoutes] }
