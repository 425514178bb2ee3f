import { expect, test } from 'bun:test'
import { tripped } from '../../../src/ground/database/tripped.ts'

const NAME = 'users_email_taken'
const says = (constraint: string) => `duplicate key value violates unique constraint "${constraint}"`

test.each([
  [{ code: '23505', constraint_name: NAME, message: says(NAME) }],
  [{ code: '23505', constraint_name: `${NAME}_102008`, message: says(`${NAME}_102008`) }],
  [{ code: '23505', message: says(`${NAME}_102008`) }],
  [{ code: '23505', message: says(NAME) }],
])('a constraint is known by its name, that of a shard, and by the message: %p', error => {
  expect(tripped(error, NAME)).toBe(true)
})

test.each([
  [{ code: '23505', constraint_name: 'users_pkey', message: says(NAME) }],
  [{ code: '23505', message: says(`${NAME}_twice`) }],
  [{ code: '23505', message: says('users_email') }],
  [{ code: '57014', message: 'canceling statement due to statement timeout' }],
  [new Error(says(NAME))],
  [undefined],
])('another one, or what is none, is not taken for it: %p', error => {
  expect(tripped(error, NAME)).toBe(false)
})
