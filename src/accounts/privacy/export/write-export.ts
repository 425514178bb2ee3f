// All that is somebody's as one JSON object, written as it is read: neither the database's answer nor the text is ever in
// memory as a whole.
import type { Sql } from '../../../ground/database/connection.ts'
import type { Personal } from '../../../ground/table.ts'
import { findColumns, readRows } from './store.ts'

/** What is sent at once, in characters. */
const CHUNK = 65_536

/** Where the text goes; resolves when there is room for more. */
export type Send = (text: string) => Promise<void>

/** Writes a user's export. To be asked in a snapshot. */
export async function writeExport(sql: Sql, personal: Personal, userId: string, send: Send): Promise<void> {
  const { write, flush } = inChunks(send)
  const { users, ...others } = exportedTables(personal)
  const columns = await findColumns(sql, ['users', ...Object.keys(others)])
  const rowsOf = (table: string) => {
    const { by = 'user_id', withheld = {} } = personal.tables[table]!
    const shown = columns.get(table)!.filter(name => !Object.hasOwn(withheld, name))
    return readRows(sql, { table, columns: shown, by }, userId)
  }
  await write(`{"format":"trove-export","version":1,"exported_at":${JSON.stringify(new Date())},"user":`)
  for await (const [user] of rowsOf('users')) await write(JSON.stringify(user))
  await write(',"tables":{')
  for (const [at, table] of Object.keys(others).entries()) {
    await write(`${at ? ',' : ''}\n${JSON.stringify(table)}:`)
    await writeList(rowsOf(table), write)
  }
  await write('}')
  for (const [name, list] of Object.entries(personal.exports)) {
    await write(`,\n${JSON.stringify(name)}:`)
    await writeList(list(sql, userId), write)
  }
  await write('}\n')
  await flush()
}

/** Those of which a user gets their rows. */
export const exportedTables = ({ tables }: Personal): Personal['tables'] =>
  Object.fromEntries(Object.entries(tables).filter(([, { exported }]) => exported === true))

async function writeList(list: AsyncIterable<object[]>, write: Send): Promise<void> {
  let before = '['
  for await (const rows of list) {
    for (const row of rows) {
      await write(`${before}\n${JSON.stringify(row)}`)
      before = ','
    }
  }
  await write(before === '[' ? '[]' : ']')
}

function inChunks(send: Send): { write: Send; flush: () => Promise<void> } {
  let waiting = ''
  const flush = async () => {
    const text = waiting
    waiting = ''
    if (text) await send(text)
  }
  const write: Send = async text => {
    waiting += text
    if (waiting.length >= CHUNK) await flush()
  }
  return { write, flush }
}
