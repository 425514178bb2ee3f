// What an operator may leave unset on a laptop: made once, kept in DATA_DIR, readable by its owner alone.
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

interface Secrets {
  JWT_SECRET_KEY: string
  ADMIN_PASSWORD: string
}

/**
 * Fills in the secrets that the environment leaves out.
 * @returns the complete configuration, and the admin password if it was made just now.
 */
export function completeSecrets(config: Config): { config: Config; madePassword: string | undefined } {
  if (config.JWT_SECRET_KEY && config.ADMIN_PASSWORD) return { config, madePassword: undefined }
  const { secrets, isNew } = readOrMake(config.DATA_DIR)
  return {
    config: {
      ...config,
      JWT_SECRET_KEY: config.JWT_SECRET_KEY ?? secrets.JWT_SECRET_KEY,
      ADMIN_PASSWORD: config.ADMIN_PASSWORD ?? secrets.ADMIN_PASSWORD,
    },
    madePassword: isNew && !config.ADMIN_PASSWORD ? secrets.ADMIN_PASSWORD : undefined,
  }
}

function readOrMake(folder: string): { secrets: Secrets; isNew: boolean } {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'secrets.json')
  const made: Secrets = {
    JWT_SECRET_KEY: randomBytes(48).toString('base64url'),
    ADMIN_PASSWORD: randomBytes(12).toString('base64url'),
  }
  // Two processes may start at once. The first to give its file the name decides for both, and whoever finds the name
  // taken reads a file that is whole.
  const own = `${path}.${randomBytes(8).toString('hex')}`
  writeFileSync(own, JSON.stringify(made), { mode: 0o600 })
  try {
    linkSync(own, path)
    return { secrets: made, isNew: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { secrets: JSON.parse(readFileSync(path, 'utf8')) as Secrets, isNew: false }
  } finally {
    rmSync(own)
  }
}
