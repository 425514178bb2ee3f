import type { Context } from '../../context.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { hashPassword } from '../sign-in/passwords.ts'
import { checkPassword } from './strength.ts'

/**
 * The hash of a password that somebody has chosen, for themselves or for another one.
 * @param email whose it will be
 * @param field of the body, where it was given
 * @throws {Problem} 422 for one that is easy to guess, 503 when too many come at once
 */
export async function hashNewPassword(
  { context: { config }, request }: { context: Context; request: Request },
  password: string,
  email: string,
  field?: string,
): Promise<string> {
  await checkPassword(password, email, field)
  return hashPassword(password, { masters: config }, clientNetwork(request))
}
