// The keys of access tokens, as this process knows them. JWT_SECRET_KEY is the first of a database; the others are made by
// rotation and lie sealed in it.
import { createHmac, randomBytes } from 'node:crypto'
import { jwt } from '@elysiajs/jwt'
import type { Context } from '../../context.ts'
import type { Sql } from '../../ground/database/connection.ts'
import { perContext } from '../../ground/per-context.ts'
import { sealing, UnreadableSecret } from '../../ground/secrets/sealing.ts'
import { addKey, endOtherKeys, KEYS_CHANNEL, type KeyRow, listKeys } from './store.ts'

export const signingKeySecrets = sealing('signing keys')

/** A key that is made signs when every process knows it, also one that hears of nothing: see `LOOK_AGAIN_MS`. */
const ACTIVE_AFTER_SECONDS = 3
/** For a `kid` that nobody knows the database is asked once in so long. */
const LOOK_AGAIN_MS = 30_000

const signer = (secret: string, kid: string) => jwt({ secret, kid, alg: 'HS256' }).decorator.jwt

export interface SigningKey extends ReturnType<typeof signer> {
  id: string
}

export interface KeyRing {
  /** The key that signs now. */
  current(): Promise<SigningKey>
  /** The key of this id, while it counts; without an id that of JWT_SECRET_KEY. */
  find(id: string | undefined): Promise<SigningKey | undefined>
  /**
   * Makes a new key, in the transaction.
   * @param revokes the others end at once, instead of with their last token
   * @returns its id
   */
  rotate(tx: Sql, revokes: boolean, lastTokenSeconds: number): Promise<string>
}

/** The id of the key that the environment gives. */
const environmentKeyId = (secret: string): string =>
  createHmac('sha256', secret).update('kid').digest('base64url').slice(0, 16)

export const keyRing = perContext((context: Context): KeyRing => {
  const { config, database, log } = context
  const secret = config.JWT_SECRET_KEY!
  const ownId = environmentKeyId(secret)
  let rows: Map<string, KeyRow> | undefined
  let loading: Promise<Map<string, KeyRow>> | undefined
  let lookedAt = 0
  let isListening = false
  const signers = new Map<string, SigningKey>()

  function listen(): void {
    if (isListening) return
    isListening = true
    const again = () => void load().catch(error => log.warn('Signing keys cannot be read', { error }))
    database.direct.listen(KEYS_CHANNEL, again, again).catch(error => {
      isListening = false
      log.warn('Changes of signing keys cannot be heard', { error })
    })
  }

  async function read(): Promise<Map<string, KeyRow>> {
    let found = await listKeys(database.sql)
    if (!found.some(({ id }) => id === ownId)) {
      // A JWT_SECRET_KEY that the database has not met: tokens of the one before shall count no more.
      await database.sql.begin(async tx => {
        if (await addKey(tx, { id: ownId, secret_sealed: null }, 0)) await endOtherKeys(tx, ownId, 0)
      })
      found = await listKeys(database.sql)
    }
    rows = new Map(found.map(row => [row.id, row]))
    lookedAt = performance.now()
    return rows
  }

  /** What is in the database by now. */
  function load(): Promise<Map<string, KeyRow>> {
    listen()
    loading ??= read().finally(() => {
      loading = undefined
    })
    return loading
  }

  const known = async () => rows ?? load()
  const isAlive = ({ ends_at }: KeyRow) => ends_at === null || Date.parse(ends_at) > Date.now()

  function signerOf(row: KeyRow): SigningKey | undefined {
    const made = signers.get(row.id)
    if (made) return made
    if (row.secret_sealed === null && row.id !== ownId) return undefined
    try {
      const text =
        row.secret_sealed === null ? secret : signingKeySecrets.open(config, [row.id], row.secret_sealed)
      const key = { id: row.id, ...signer(text, row.id) }
      signers.set(row.id, key)
      return key
    } catch (error) {
      if (error instanceof UnreadableSecret) return undefined
      throw error
    }
  }

  return {
    current: async () => {
      const alive = [...(await known()).values()].filter(isAlive)
      const active = alive.filter(({ active_from }) => Date.parse(active_from) <= Date.now())
      // By a clock that is behind the database's a first key is none yet.
      for (const row of [...active, ...alive.reverse()]) {
        const key = signerOf(row)
        if (key) return key
      }
      throw new Error('No signing key can be opened with the configured ENCRYPTION_KEY and JWT_SECRET_KEY')
    },
    find: async (id = ownId) => {
      let row = (await known()).get(id)
      if (!row && performance.now() - lookedAt > LOOK_AGAIN_MS) row = (await load()).get(id)
      return row && isAlive(row) ? signerOf(row) : undefined
    },
    rotate: async (tx, revokes, lastTokenSeconds) => {
      const id = randomBytes(12).toString('base64url')
      const secret_sealed = signingKeySecrets.seal(config, [id], randomBytes(48).toString('base64url'))
      const after = revokes ? 0 : ACTIVE_AFTER_SECONDS
      await addKey(tx, { id, secret_sealed }, after)
      await endOtherKeys(tx, id, revokes ? 0 : after + lastTokenSeconds)
      return id
    },
  }
})
