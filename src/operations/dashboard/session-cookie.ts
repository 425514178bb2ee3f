// An admin's session in a browser: the pages under /admin are led to by links, which bring no token.
import { originOf } from '../../ground/http/edge/origin.ts'

const NAME = 'trove_admin'

export function bearerToken({ headers }: Request): string | undefined {
  const [scheme, token] = (headers.get('authorization') ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' ? token : undefined
}

/** The access token of the cookie, if there is one. */
export function cookieToken({ headers }: Request): string | undefined {
  const found = (headers.get('cookie') ?? '').split(';').find(part => part.trim().startsWith(`${NAME}=`))
  return found?.trim().slice(NAME.length + 1) || undefined
}

/** The value of `Set-Cookie` that keeps an access token, which was found good, until it ends. */
export function keepingCookie(request: Request, token: string): string {
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }
  return cookie(request, token, Math.max(0, exp - Math.floor(Date.now() / 1000)))
}

export const endingCookie = (request: Request): string => cookie(request, '', 0)

function cookie(request: Request, value: string, seconds: number): string {
  const secure = originOf(request).startsWith('https:') ? '; Secure' : ''
  return `${NAME}=${value}; Path=/admin; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
}
