import { bookmarkRoutes } from './bookmarks/routes.ts'
import { deleteCategoryRoute } from './categories/delete-routes.ts'
import { categoryListRoutes } from './categories/list-routes.ts'
import { categoryRoutes } from './categories/routes.ts'
import { listBookmarksRoute } from './listing/routes.ts'
import { membershipRoutes } from './memberships/routes.ts'
import { sharingRoutes } from './sharing/routes.ts'

/** Bookmarks, the categories that hold them, and categories that are shared. */
export const collectionRoutes = [
  listBookmarksRoute,
  ...bookmarkRoutes,
  ...membershipRoutes,
  ...categoryListRoutes,
  ...sharingRoutes,
  ...categoryRoutes,
  deleteCategoryRoute,
]
