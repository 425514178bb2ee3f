// What Trove asks of Postgres for one request.
import type { Trove } from '../../test/support/app.ts'
import type { Statement } from './statements.ts'

/** As postgres.js tells it, once the server has said which types the parameters have. */
interface Sent extends Statement {
  types: number[]
}

/** The statements of `ask`, in the order in which they were sent, `begin` and `commit` among them. */
export async function capture(trove: Trove, ask: () => Promise<unknown>): Promise<Statement[]> {
  const { sql, byKey } = trove.database
  const pools = [sql, byKey] as unknown as { options: { debug: unknown } }[]
  const sent: Sent[] = []
  const listen = (_: number, text: string, parameters: unknown[], types: number[]) =>
    sent.push({ text: text.trim(), parameters, types })
  for (const { options } of pools) options.debug = listen
  await ask()
  for (const { options } of pools) options.debug = false
  return sent.map(({ text, parameters, types }) => ({
    text,
    parameters: parameters.map((value, i) => read(value, types[i]!)),
  }))
}

/** A parameter as a program would give it, of its text on the wire. */
function read(value: unknown, type: number): unknown {
  if (typeof value !== 'string') return value
  if (type === 16) return value === 't'
  if ([20, 21, 23, 700, 701].includes(type)) return Number(value)
  return type === 114 || type === 3802 ? JSON.parse(value) : value
}
