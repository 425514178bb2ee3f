// What an exception becomes for the client.
import { expect, test } from 'bun:test'
import { toProblem } from '../../src/ground/http/problems.ts'

test.each([
  '57P01',
  'CONNECTION_CLOSED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])('a database that is away (%s) is 503, to be asked again', code => {
  const { status, error_code, fields } = toProblem(Object.assign(new Error('lost'), { code }))
  expect({ status, error_code }).toEqual({ status: 503, error_code: 'DATABASE_UNAVAILABLE' })
  expect(fields.retry_after).toBeGreaterThan(0)
})
