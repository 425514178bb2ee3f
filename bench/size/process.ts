// Memory and database connections of one server process.
import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import type { Started } from '../../test/support/process.ts'

const SAMPLE_MS = 250

export interface Measured {
  /** Prints what the process takes now, and the most that it took since it started. */
  tell(doing: string): Promise<void>
  /** The same, then ends it. */
  end(doing: string): Promise<void>
}

/** Starts to look at a process; whoever is connected to the database by now counts as somebody else. */
export async function measureProcess(
  url: string,
  role: string,
  start: () => Promise<Started>,
): Promise<Measured> {
  const sql = postgres(url, { max: 1 })
  const open = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database()`
  const others = open.map(({ pid }) => pid)
  const { child, exit } = await start()
  const most = new Map<string, number>()
  const look = async () => {
    const rows = await sql<{ name: string; count: number }[]>`
      select application_name as name, count(*)::integer as count
      from pg_stat_activity
      where datname = current_database() and application_name like 'trove%'
        and pid not in ${sql(others)}
      group by 1
      order by 1`
    for (const { name, count } of rows) most.set(name, Math.max(most.get(name) ?? 0, count))
  }
  const timer = setInterval(() => void look().catch(() => {}), SAMPLE_MS)
  const tell = async (doing: string) => {
    await look()
    const connections = [...most].map(([name, count]) => `${name} ${count}`).join(', ')
    console.log(
      `ROLE=${role}, ${doing}: ${memory(child.pid!, 'VmRSS')} MB now, ${memory(child.pid!, 'VmHWM')} MB at most; ` +
        `connections at most: ${connections}`,
    )
  }
  const end = async (doing: string) => {
    await tell(doing)
    clearInterval(timer)
    await sql.end()
    child.kill('SIGTERM')
    await exit
  }
  return { tell, end }
}

function memory(pid: number, name: 'VmRSS' | 'VmHWM'): string {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${name}:\\s+(\\d+) kB`))!
  return ((Number(line[1]) * 1024) / 1e6).toFixed(0)
}
