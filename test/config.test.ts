import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { ConfigError, readConfig, VARIABLE_NAMES } from '../src/config.ts'

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('configuration', () => {
  test('nothing is needed to start on a laptop', () => {
    const config = readConfig({})
    expect(config).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', ROLE: 'all', MODELS: 'local' })
    expect(config.DATABASE_URL).toBeUndefined()
  })

  test('an empty value counts as not set', () => {
    expect(readConfig({ PORT: ' ', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 })
  })

  test('all problems are reported together, by name, with what would be right and without the value', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      ROLE: 'boss',
      DATABASE_URL: 'mysql://secret@host/db',
      RATE_LIMITS: 'login=lots',
    })
    expect(problems).toHaveLength(4)
    expect(problems.join('\n')).toContain('PORT must be a whole number from 0 to 65535')
    expect(problems.join('\n')).toContain('ROLE must be one of: all, api, worker')
    expect(problems.join('\n')).not.toMatch(/eighty|boss|secret|lots/)
  })

  test('production needs a database and secrets, and refuses samples and short keys', () => {
    const names = problemsOf({ ENVIRONMENT: 'production' }).join('\n')
    expect(names).toMatch(/DATABASE_URL is required/)
    expect(names).toMatch(/JWT_SECRET_KEY is required/)
    expect(names).toMatch(/ADMIN_PASSWORD is required/)
    const weak = problemsOf({
      ENVIRONMENT: 'production',
      DATABASE_URL: 'postgres://u:p@host/db',
      JWT_SECRET_KEY: 'your-secret-key-here',
      ADMIN_PASSWORD: 'changeme',
    })
    expect(weak.filter(problem => problem.includes('known sample'))).toHaveLength(2)
    expect(weak.join('\n')).toMatch(/JWT_SECRET_KEY must be at least 32 bytes/)
  })

  test('production listens on all addresses', () => {
    const config = readConfig({
      ENVIRONMENT: 'production',
      DATABASE_URL: 'postgres://u:p@host/db',
      JWT_SECRET_KEY: 'x'.repeat(32),
      ADMIN_PASSWORD: 'a long one of our own',
    })
    expect(config.HOST).toBe('0.0.0.0')
  })

  test('models are remote when a key or a base URL is there, and local on demand', () => {
    expect(readConfig({ OPENAI_API_KEY: 'k' }).MODELS).toBe('openai')
    expect(readConfig({ OPENAI_BASE_URL: 'http://localhost:1/v1' }).MODELS).toBe('openai')
    expect(readConfig({ OPENAI_API_KEY: 'k', MODELS: 'local' }).MODELS).toBe('local')
    expect(problemsOf({ MODELS: 'openai' })).toEqual([
      'MODELS=openai needs OPENAI_API_KEY or OPENAI_BASE_URL',
    ])
  })

  test('.env.example lists every variable, in order', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
    const listed = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(listed).toEqual(VARIABLE_NAMES)
  })
})
