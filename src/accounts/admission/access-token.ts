import type { Context } from '../../context.ts'
import { perContext } from '../../ground/per-context.ts'
import { keyRing } from '../keys/key-ring.ts'
import { permissionsOf, type Role } from '../permissions.ts'

const ISSUER = 'trove'
const AUDIENCE = 'trove-api'
/** A token of ours has less than 1 KB; a longer one is not worth the reading. */
const LONGEST_TOKEN = 4096
/** A token may come from a server whose clock is ahead by so much. It lives no longer for that. */
const CLOCK_SKEW_SECONDS = 60
const REMEMBERED_MOST = 10_000
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Whom a token names. */
export interface Bearer {
  id: string
  /** Null in tokens of before there were sessions, and in those that an operator's own program makes. */
  session_id: string | null
  /** Seconds since 1970. */
  issued_at: number
}

/** What a token says of its user beside who it is. Claims inform; rows decide. */
export interface Claimed {
  id: string
  email: string
  role: Role
  subscription_tier: string
}

/** Access tokens (RFC 7519, HS256 only, RFC 8725). */
export const accessTokens = perContext((context: Context) => {
  const { config } = context
  const ring = keyRing(context)
  const seconds = (config.ACCESS_TOKEN_MINUTES ?? config.JWT_EXPIRY_DAYS * 1440) * 60
  /** Token -> whom it names, by which key and until when, of tokens that were found good: the signature is a fifth of a small request. */
  const good = new Map<string, { bearer: Bearer; kid: string | undefined; endsAt: number }>()

  async function verify(token: string, kid: string | undefined) {
    const key = await ring.find(kid)
    const claims = await key?.verify(token, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'JWT',
      requiredClaims: ['sub', 'iat', 'exp', 'jti'],
      // Also refuses an `iat` in the future, further than the clocks of two servers differ.
      maxTokenAge: seconds,
      clockTolerance: CLOCK_SKEW_SECONDS,
    })
    if (!claims || claims.exp! * 1000 <= Date.now()) return undefined
    const { sub = '', sid, user_id = sub } = claims as { sub?: string; sid?: unknown; user_id?: unknown }
    if (!UUID.test(sub) || user_id !== sub) return undefined
    if (sid !== undefined && !(typeof sid === 'string' && UUID.test(sid))) return undefined
    const bearer: Bearer = { id: sub, session_id: sid ?? null, issued_at: claims.iat! }
    return { bearer, kid, endsAt: Math.min(claims.exp!, claims.iat! + seconds + CLOCK_SKEW_SECONDS) * 1000 }
  }

  return {
    /** How long a token lives, in seconds, where its session does not end before. */
    seconds,
    /** @param lives in seconds */
    issue: async (user: Claimed, sessionId: string, lives: number): Promise<string> =>
      (await ring.current()).sign({
        user_id: user.id,
        tenant_id: user.id,
        creator_id: user.id,
        email: user.email,
        role: user.role,
        permissions: [...permissionsOf(user.role)],
        subscription_tier: user.subscription_tier,
        sub: user.id,
        sid: sessionId,
        iss: ISSUER,
        aud: AUDIENCE,
        jti: crypto.randomUUID(),
        exp: `${lives}s`,
      } as never),
    /** Whom a token names, or undefined for any that is not a living one of ours. */
    read: async (token: string): Promise<Bearer | undefined> => {
      const known = good.get(token)
      if (known) {
        const isAlive = known.endsAt > Date.now() && (await ring.find(known.kid)) !== undefined
        return isAlive ? known.bearer : undefined
      }
      const header = token.length > LONGEST_TOKEN ? undefined : readHeader(token)
      const read = header && (await verify(token, header.kid))
      if (!read) return undefined
      if (good.size >= REMEMBERED_MOST) good.clear()
      good.set(token, read)
      return read.bearer
    },
  }
})

/**
 * Ours say `alg`, `typ` and `kid`. Whatever else a header can name (keys, where to get them, extensions) is refused.
 * Tokens of before have no `kid`.
 */
function readHeader(token: string): { kid: string | undefined } | undefined {
  try {
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString())
    const names = Object.keys(header).sort().join()
    if (names === 'alg,typ') return { kid: undefined }
    return names === 'alg,kid,typ' && typeof header.kid === 'string' ? { kid: header.kid } : undefined
  } catch {
    return undefined
  }
}
