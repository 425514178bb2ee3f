import { afterEach, describe, expect, test } from 'bun:test'
import process from 'node:process'
import { firstInstant } from '../../../src/ingestion/platforms/pages/parse-instant.ts'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const DATES: [string, string | null][] = [
  ['2024-03-05T23:30:00', '2024-03-05T23:30:00.000Z'],
  ['2024-03-05 23:30:00', '2024-03-05T23:30:00.000Z'],
  ['2024-03-05 23:30', '2024-03-05T23:30:00.000Z'],
  ['2024-03-05T23:30:00.1234567', '2024-03-05T23:30:00.123Z'],
  ['March 5, 2024 11:30 PM', '2024-03-05T23:30:00.000Z'],
  ['March 5, 2024', '2024-03-05T00:00:00.000Z'],
  ['5 Mar 2024 23:30', '2024-03-05T23:30:00.000Z'],
  ['2024-03-05', '2024-03-05T00:00:00.000Z'],
  ['2024/03/05', '2024-03-05T00:00:00.000Z'],
  ['20240305', '2024-03-05T00:00:00.000Z'],
  ['20240305T233000Z', '2024-03-05T23:30:00.000Z'],
  ['2024-03', '2024-03-01T00:00:00.000Z'],
  ['2024', '2024-01-01T00:00:00.000Z'],
  ['2024-03-05T23:30:00Z', '2024-03-05T23:30:00.000Z'],
  ['2024-03-05T23:30:00+01:00', '2024-03-05T22:30:00.000Z'],
  ['2024-03-05T23:30:00-0800', '2024-03-06T07:30:00.000Z'],
  ['2024-03-05 23:30:00 +05', '2024-03-05T18:30:00.000Z'],
  ['2024-03-05 23:30:00 UTC', '2024-03-05T23:30:00.000Z'],
  ['Tue, 05 Mar 2024 23:30:00 GMT', '2024-03-05T23:30:00.000Z'],
  ['Tue, 05 Mar 2024 23:30:00 +0100', '2024-03-05T22:30:00.000Z'],
  ['Tue Mar 05 2024 23:30:00 GMT+0100 (CET)', '2024-03-05T22:30:00.000Z'],
  ['Tue, 05 Mar 2024 23:30:00 EST', '2024-03-06T04:30:00.000Z'],
  ['1932-06-01', '1932-06-01T00:00:00.000Z'],
  ['1969-12-31T23:59:59', '1969-12-31T23:59:59.000Z'],
  ['2024-12-31T23:59:60Z', '2025-01-01T00:00:00.000Z'],
  ['0001-01-01T00:00:00', null],
  ['2024-02-30', null],
  ['2024-13-01', null],
  ['2024-03-05T25:00:00', null],
  ['yesterday', null],
  ['page 5', null],
  ['+275760-09-13T00:00:00Z', null],
  ['', null],
]

describe.each(['America/Los_Angeles', 'Asia/Kolkata', 'UTC'])('on a server in %s', zone => {
  test.each(DATES)('%p is %p', (text, instant) => {
    process.env.TZ = zone
    expect(firstInstant([text])).toBe(instant)
  })
})

test('a good date behind bad ones counts', () => {
  expect(firstInstant([undefined, null, '', 'soon', '2024-03-05', '2023-01-01'])).toBe(
    '2024-03-05T00:00:00.000Z',
  )
  expect(firstInstant([])).toBeNull()
})
