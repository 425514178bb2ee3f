// Access tokens that name no session, as a program of the operator's makes them with JWT_SECRET_KEY.
import { createHmac, randomUUID } from 'node:crypto'
import { insertUser } from '../../src/accounts/store.ts'
import type { Sql } from '../../src/ground/database/connection.ts'

/** A user without a password, since hashing hundreds would be the slowest part of a test, and a token of theirs. */
export async function addUser(sql: Sql, secret: string, email = `${randomUUID()}@example.com`) {
  const user = { id: randomUUID() as string, email }
  await insertUser(sql, { ...user, password_hash: null, subscription_tier: 'enterprise' })
  return { ...user, token: signToken(secret, user) }
}

export function signToken(secret: string, user: { id: string; email: string }): string {
  const iat = Math.floor(Date.now() / 1000)
  const claims = { user_id: user.id, email: user.email, sub: user.id, iss: 'trove', aud: 'trove-api' }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, jti: randomUUID(), iat, exp: iat + 604_800 })}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
