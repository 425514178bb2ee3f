// Begins and ends an admin's session at the pages under /admin.
import { route } from '../../route.ts'
import { crossOrigin, refuseForeignChange } from './foreign-change.ts'
import { bearerToken, endingCookie, keepingCookie } from './session-cookie.ts'

const PATH = '/admin/session'

const begin = route(
  `POST ${PATH}`,
  {
    id: 'beginAdminSession',
    tag: 'Admin',
    summary: 'Open the pages under /admin with your session',
    may: 'operate',
    in_person: true,
    limit: 'admin',
    hidden: true,
    gives: { text: 'A cookie for them, which holds the access token until that ends.' },
  },
  ({ request, set }) => {
    set.headers['set-cookie'] = keepingCookie(request, bearerToken(request)!)
  },
)

const end = route(
  `DELETE ${PATH}`,
  {
    id: 'endAdminSession',
    tag: 'Admin',
    summary: 'Close the pages under /admin',
    // Also for whom the session has ended elsewhere.
    may: 'anybody',
    limit: 'admin',
    hidden: true,
    gives: { text: 'The cookie is taken back.' },
    problems: [crossOrigin],
  },
  ({ request, set }) => {
    refuseForeignChange(request)
    set.headers['set-cookie'] = endingCookie(request)
  },
)

export const adminSessionRoutes = [begin, end]
