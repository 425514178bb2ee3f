// The file of a backup: a tar archive of manifest.json, which says what it is, the database's dump, and secrets.json.
// Made and read by the program `tar`, so that a person can, too.
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { Refusal, runProgram } from './run-tool.ts'

export type Kind = 'postgres' | 'embedded'

/** What the dump is called in the archive: pg_dump's custom format, or the embedded database's files. */
export const DUMP_NAMES: Record<Kind, string> = { postgres: 'database.dump', embedded: 'database.tar.gz' }
export const SECRETS_NAME = 'secrets.json'
const MANIFEST_NAME = 'manifest.json'

const Manifest = v.object({
  format: v.literal('trove-backup'),
  format_version: v.literal(1),
  kind: v.picklist(['postgres', 'embedded']),
  trove_version: v.string(),
  created_at: v.string(),
  /** Of the database that was backed up. */
  server_version: v.string(),
  migrations: v.array(v.object({ version: v.number(), name: v.string(), checksum: v.string() })),
  /** Hex SHA-256 of each file of the archive but this one. */
  checksums: v.record(v.string(), v.string()),
})
export type Manifest = v.InferOutput<typeof Manifest>

/**
 * Puts what `folder` holds into the new archive `file`, readable by its owner alone. It has its name when it is whole.
 */
export async function writeBackup(
  file: string,
  folder: string,
  facts: Pick<Manifest, 'kind' | 'trove_version' | 'server_version' | 'migrations'>,
): Promise<Manifest> {
  const names = [SECRETS_NAME, DUMP_NAMES[facts.kind]].filter(name => existsSync(join(folder, name)))
  const checksums: Record<string, string> = {}
  for (const name of names) checksums[name] = await checksumOf(join(folder, name))
  const manifest: Manifest = {
    format: 'trove-backup',
    format_version: 1,
    created_at: new Date().toISOString(),
    ...facts,
    checksums,
  }
  writeFileSync(join(folder, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`)
  const partial = join(folder, 'backup.tar')
  writeFileSync(partial, '', { mode: 0o600 })
  await runProgram(['tar', '-cf', partial, '-C', folder, MANIFEST_NAME, ...names])
  renameSync(partial, file)
  return manifest
}

/**
 * Unpacks an archive into a temporary folder and makes sure that it is whole.
 * @throws {Refusal} when it is none of ours, is cut off, or was changed
 */
export async function readBackup(file: string): Promise<{ manifest: Manifest; folder: string }> {
  if (!existsSync(file)) throw new Refusal(`There is no file ${file}`)
  const folder = mkdtempSync(join(tmpdir(), 'trove-restore-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const manifest = await readManifest(file, folder)
  const names = Object.keys(manifest.checksums)
  await unpack(file, folder, names).catch(() => {
    throw new Refusal(`${file} is cut off or damaged: its content cannot be unpacked. Nothing was changed.`)
  })
  for (const name of names) {
    if ((await checksumOf(join(folder, name))) === manifest.checksums[name]) continue
    throw new Refusal(`${file} is damaged: the checksum of its ${name} is wrong. Nothing was changed.`)
  }
  return { manifest, folder }
}

async function readManifest(file: string, folder: string): Promise<Manifest> {
  try {
    // It comes first, so that it can be read even where the rest was cut off, which is told apart later.
    await unpack(file, folder, [MANIFEST_NAME]).catch(() => {})
    const manifest = v.parse(Manifest, JSON.parse(readFileSync(join(folder, MANIFEST_NAME), 'utf8')))
    const expected = [DUMP_NAMES[manifest.kind], SECRETS_NAME]
    if (
      manifest.checksums[expected[0]!] &&
      Object.keys(manifest.checksums).every(it => expected.includes(it))
    )
      return manifest
  } catch {
    // Whatever it is.
  }
  throw new Refusal(`${file} is not a backup that this version of Trove can read. Nothing was changed.`)
}

const unpack = (file: string, folder: string, names: string[]) =>
  runProgram(['tar', '-xf', file, '-C', folder, ...names])

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
