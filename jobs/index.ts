// The handlers: every other file of this folder has one, and is named after its job.
import { readdirSync } from 'node:fs'
import type { Context } from '../src/context.ts'
import type { AnyHandler } from '../src/ground/queue/queue.ts'

const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.ts') && name !== 'index.ts')

export const HANDLERS: AnyHandler<Context>[] = await Promise.all(
  files.map(async name => (await import(`./${name}`)).default),
)
