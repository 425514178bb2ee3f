import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { Time } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { accessTokens } from '../admission/access-token.ts'
import { keyRing } from './key-ring.ts'
import { type KeyRow, listKeys } from './store.ts'

const KeyAnswer = v.object({
  kid: v.string(),
  status: v.picklist(['next', 'active', 'retiring', 'ended']),
  source: v.picklist(['environment', 'rotation']),
  active_from: Time,
  ends_at: v.nullable(Time),
  created_at: Time,
})
const KeysAnswer = v.object({ keys: v.array(KeyAnswer), total: v.number() })
const RotateBody = v.nullish(v.object({ revoke_previous: v.optional(v.boolean(), false) }))

nameSchemas({ SigningKey: KeyAnswer, SigningKeys: KeysAnswer })

const KEY = {
  kid: 'b0Vg1sJkR3xXq2Zp',
  status: 'active' as const,
  source: 'rotation' as const,
  active_from: '2026-01-15T09:12:47.120Z',
  ends_at: null,
  created_at: '2026-01-15T09:12:44.120Z',
}

/** @param rows the youngest first */
function describeKeys(rows: KeyRow[]) {
  const now = Date.now()
  let isSigned = false
  return rows.map(({ id, secret_sealed, active_from, ends_at, created_at }) => {
    const hasEnded = ends_at !== null && Date.parse(ends_at) <= now
    const isNext = Date.parse(active_from) > now
    const status = hasEnded
      ? ('ended' as const)
      : isNext
        ? ('next' as const)
        : isSigned
          ? ('retiring' as const)
          : ('active' as const)
    isSigned ||= status === 'active'
    const source = secret_sealed === null ? ('environment' as const) : ('rotation' as const)
    return { kid: id, status, source, active_from, ends_at, created_at }
  })
}

const keys = route(
  'GET /v1/auth/keys',
  {
    id: 'listSigningKeys',
    tag: 'Administration',
    summary: 'The keys that sign access tokens',
    description: 'Their ids and their times, never the keys. The youngest is first.',
    may: 'admin',
    in_person: true,
    limit: 'default',
    gives: { body: KeysAnswer, text: 'The keys.', example: { keys: [KEY], total: 1 } },
  },
  async ({ sql }) => {
    const keys = describeKeys(await listKeys(sql))
    return { keys, total: keys.length }
  },
)

const rotate = route(
  'POST /v1/auth/keys/rotate',
  {
    id: 'rotateSigningKey',
    tag: 'Administration',
    reaches: 'everybody',
    summary: 'Sign access tokens with a new key',
    description:
      'The new key signs after three seconds, when every process knows it; what the others have signed counts until it ends. With `revoke_previous` it signs at once, and all access tokens of before count no more, yours included: refresh tokens go on.',
    may: 'admin',
    in_person: true,
    limit: 'writes',
    body: RotateBody,
    example: { revoke_previous: false },
    gives: { body: KeysAnswer, text: 'The keys as they are now.', example: { keys: [KEY], total: 1 } },
    audit: { of: 'signing_key', actions: ['rotate_key'] },
  },
  async ({ tx, body, context, audit }) => {
    const revokes = body?.revoke_previous ?? false
    const kid = await keyRing(context).rotate(tx, revokes, accessTokens(context).seconds)
    await audit(undefined, { kid, revoke_previous: String(revokes) })
    const keys = describeKeys(await listKeys(tx))
    return { keys, total: keys.length }
  },
)

export const keyRoutes = [keys, rotate]
