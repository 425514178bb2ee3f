import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atMost, QueryBoolean, StorableText } from '../../ground/http/schemas.ts'
import { TriedPassword } from '../schema.ts'

const BASE = 'http://localhost'

/** A path of the page: what begins with one and leads elsewhere (`/library/../v1`, `/library\..`) is none. */
function isPagePath(text: string): boolean {
  const url = URL.parse(text, BASE)
  return url?.origin === BASE && url.href === BASE + text && /^\/library(?:\/[^?#]*)?$/.test(text)
}

export const StartQuery = v.object({
  return_to: v.optional(
    v.pipe(StorableText, atMost(500), v.check(isPagePath, 'must be /library or a path below it')),
    '/library',
  ),
  remember_me: QueryBoolean,
})
export const StartAnswer = v.object({ authorization_url: v.string() })

const Parameter = v.optional(v.pipe(StorableText, atMost(4096)))

/** Providers add what they like. */
export const CallbackQuery = v.looseObject({
  code: Parameter,
  state: Parameter,
  iss: Parameter,
  error: Parameter,
})

export const LinkBody = v.object({
  link_ticket: v.pipe(StorableText, atMost(4096)),
  password: TriedPassword,
})

nameSchemas({ ProviderSignIn: StartAnswer, IdentityLink: LinkBody })
