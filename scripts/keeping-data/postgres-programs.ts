// PostgreSQL's own programs: where they are, and whether they can do it.
import { existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Refusal, runProgram } from './run-tool.ts'

const PROGRAMS = ['pg_dump', 'pg_restore', 'psql']

/**
 * The folder of the newest pg_dump, pg_restore and psql on this machine.
 * @param oldest the major version that they must have at least: pg_dump reads no newer server, pg_restore no newer dump
 * @throws {Refusal} naming what to install
 */
export async function findPrograms(oldest: number, why: string): Promise<string> {
  const onPath = (process.env.PATH ?? '').split(delimiter)
  const folders = [...globSync('/usr/lib/postgresql/*/bin'), ...onPath].filter(folder =>
    PROGRAMS.every(name => existsSync(join(folder, name))),
  )
  const found: { folder: string; major: number }[] = []
  for (const folder of folders) {
    const printed = await runProgram([join(folder, 'pg_dump'), '--version']).catch(() => '')
    found.push({ folder, major: majorOf(printed.replace(/^\D+/, '')) })
  }
  const newest = found.sort((a, b) => b.major - a.major)[0]
  const advice = `Install PostgreSQL's client programs, ${oldest} or newer (on Debian: apt install postgresql-client).`
  if (!newest) throw new Refusal(`${PROGRAMS.join(', ')} were not found on PATH. ${advice}`)
  if (!(newest.major >= oldest)) {
    throw new Refusal(`The pg_dump in ${newest.folder} is of version ${newest.major}, and ${why}. ${advice}`)
  }
  return newest.folder
}

/** 15 of `15.8 (Debian 15.8-1)`. */
export const majorOf = (version: string): number => Number.parseInt(version, 10)

/** How a program is told of a database: not by its command line, which everybody on the machine can read. */
export function connectionOf(databaseUrl: string): { dbname: string; env: Record<string, string> } {
  const url = new URL(databaseUrl)
  const PGPASSWORD = decodeURIComponent(url.password)
  url.password = ''
  return { dbname: url.href, env: PGPASSWORD ? { PGPASSWORD } : {} }
}
