// Whether this process can open what the database has sealed: asked at the start, before anything would be half readable.
import type { Sql } from '../database/connection.ts'
import { type Masters, sealing, UnreadableSecret } from './sealing.ts'

/** The database was sealed with a key that is not configured. */
export class WrongKeyError extends Error {
  constructor() {
    super(
      'The secrets of this database were sealed with another key. Set ENCRYPTION_KEY to the one that was used (JWT_SECRET_KEY, where none was set), or ENCRYPTION_KEY_PREVIOUS to it to change it.',
    )
  }
}

const NAME = 'sealed_check'
const check = sealing('key check')

/**
 * Leaves a sealed word in the database at the first start, and opens it at every other one.
 * @throws {WrongKeyError}
 */
export async function checkSealing(sql: Sql, keys: Masters): Promise<void> {
  await sql`
    insert into server_settings (name, value)
    values (${NAME}, ${check.seal(keys, [NAME], 'trove')})
    on conflict (name) do nothing`
  const [setting] = await sql<{ value: string }[]>`
    select value
    from server_settings
    where name = ${NAME}`
  try {
    const sealed = check.reseal(keys, [NAME], setting!.value)
    if (sealed) await sql`update server_settings set value = ${sealed} where name = ${NAME}`
  } catch (error) {
    if (error instanceof UnreadableSecret) throw new WrongKeyError()
    throw error
  }
}
