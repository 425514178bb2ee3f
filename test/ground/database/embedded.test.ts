import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../../src/ground/database/connection.ts'
import { testConfig } from '../../support/database.ts'

let folder: string
let database: Database
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trove-embedded-'))
  database = await openDatabase(testConfig({ DATA_DIR: folder }))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const socket = () => join(folder, 'postgres', '.s.PGSQL.5432')

describe('the embedded database', () => {
  test('is reached by its owner alone', () => {
    expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
  })

  test('refuses a second opener by the name of the first', async () => {
    expect(openDatabase(testConfig({ DATA_DIR: folder }))).rejects.toThrow(
      `Process ${process.pid} has this database open`,
    )
  })

  test('gives notifications to every connection that listens', async () => {
    const heard = Promise.withResolvers<string>()
    await database.sql.listen('bell', heard.resolve)
    await database.sql.begin(async tx => {
      await tx`select pg_notify('bell', 'ding')`
    })
    expect(await heard.promise).toBe('ding')
  })

  test('keeps connections apart although they share one session', async () => {
    await database.sql`create table apart (id integer primary key)`
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, id) =>
        database.sql.begin(async tx => {
          await tx`insert into apart (id) values (${id})`
          if (id % 2) throw new Error('rolled back')
        }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
    const [found] =
      await database.sql`select count(*) as n, count(*) filter (where id % 2 = 1) as odd from apart`
    expect(found).toEqual({ n: 50, odd: 0 })
  })

  test('undoes what a client began that went away', async () => {
    await database.sql`create table gone (id integer)`
    const client = connect(socket())
    await once(client, 'connect')
    const text = (kind: string, body: string) => {
      const bytes = Buffer.from(`${body}\0`)
      const message = Buffer.alloc(5 + bytes.length)
      message.write(kind)
      message.writeInt32BE(4 + bytes.length, 1)
      bytes.copy(message, 5)
      return message
    }
    const startup = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 3, 0, 0]), Buffer.from('user\0postgres\0\0')])
    startup.writeInt32BE(startup.length)
    client.write(Buffer.concat([startup, text('Q', 'begin; insert into gone values (1)')]))
    let answered = ''
    for await (const data of client) {
      answered += (data as Buffer).toString('latin1')
      if (answered.includes('INSERT 0 1')) break
    }
    client.destroy()
    const [found] = await database.sql`select count(*) as n from gone`
    expect(found).toEqual({ n: 0 })
  })
})

describe('after SIGKILL', () => {
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('../../../src/ground/database/connection.ts', import.meta.url).href)}
    import { readConfig } from ${JSON.stringify(new URL('../../../src/config/config.ts', import.meta.url).href)}
    const { sql } = await openDatabase(readConfig({ DATA_DIR: process.argv[1] }))
    await sql\`create table if not exists kept (id integer primary key)\`
    const [{ last }] = await sql\`select coalesce(max(id), 0) as last from kept\`
    console.log('opened ' + last)
    for (let id = last + 1; ; id++) {
      await sql\`insert into kept (id) values (\${id})\`
      console.log('kept ' + id)
    }`

  const start = (data: string) =>
    spawn(process.execPath, ['-e', program, data], { stdio: ['ignore', 'pipe', 'inherit'] })
  /** Reads lines until one passes. @returns that line and the last row that was acknowledged. */
  const readUntil = async (child: ChildProcess, passes: (line: string, kept: number) => boolean) => {
    let rest = ''
    let kept = 0
    for await (const chunk of child.stdout!) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (line.startsWith('kept ')) kept = Number(line.slice(5))
        if (passes(line, kept)) return { line, kept }
      }
    }
    throw new Error('it ended too soon')
  }

  test('it opens again with every row that was acknowledged', async () => {
    const data = mkdtempSync(join(tmpdir(), 'trove-killed-'))
    try {
      let acknowledged = 0
      for (let round = 0; round < 3; round++) {
        const child = start(data)
        const exited = once(child, 'exit')
        const { kept } = await readUntil(child, (_, kept) => kept >= acknowledged + 25)
        child.kill('SIGKILL')
        await exited
        acknowledged = kept
      }
      const child = start(data)
      const exited = once(child, 'exit')
      const { line } = await readUntil(child, text => text.startsWith('opened'))
      child.kill('SIGKILL')
      await exited
      expect(Number(line.slice(7))).toBeGreaterThanOrEqual(acknowledged)
    } finally {
      rmSync(data, { recursive: true, force: true })
    }
  })
})
