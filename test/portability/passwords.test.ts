// Estimating passwords in a thread, and sending mail over TCP, on this runtime.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkPassword, endEstimates, strengthOf } from '../../src/accounts/passwords/strength.ts'
import { Problem } from '../../src/ground/http/problem.ts'
import { createMailer, MailNotSent } from '../../src/ground/mail/mail.ts'
import { type MailServer, startMailServer } from '../simulators/smtp.ts'

describe('a password', () => {
  after(endEstimates)

  test('is judged alike on every runtime, also after the thread has ended', async () => {
    const passwords = [
      'password1',
      'TrustNo1',
      'seven purple lanterns drift',
      'kV7#pq2L',
      'alice',
      '한국어 비밀번호',
    ]
    const judge = () =>
      Promise.all(passwords.map(async it => (await strengthOf(it, 'alice@example.com')).score))
    const scores = [0, 1, 4, 2, 0, 2]
    assert.deepEqual(await judge(), scores)
    await endEstimates()
    assert.deepEqual(await judge(), scores)
  })

  test('that is easy to guess is refused with its field', async () => {
    await assert.rejects(checkPassword('password1', '', 'new_password'), (error: Problem) => {
      const [fault] = error.fields.field_errors ?? []
      return error instanceof Problem && error.status === 422 && fault?.loc.join() === 'body,new_password'
    })
    await checkPassword('seven purple lanterns drift', '')
  })
})

describe('a mail', () => {
  let mails: MailServer
  before(async () => {
    mails = await startMailServer()
  })
  after(() => mails.close())
  const mail = { to: 'alice@example.com', subject: 'Grüße', text: 'A text.', html: '<p>A text.</p>' }

  test('arrives, at its one address', async () => {
    await createMailer(mails.url, 'Trove <trove@example.com>')(mail)
    assert.deepEqual(mails.received.at(-1)?.to, ['alice@example.com'])
    assert.match(mails.received.at(-1)!.text, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r$/m)
  })

  test('that is not taken is told by codes alone: whether another try may help, and whose fault it is', async () => {
    const found: Record<string, unknown> = {}
    for (const answer of [450, 550, 554, 'hang'] as const) {
      mails.answer = answer
      await createMailer(
        mails.url,
        'Trove <trove@example.com>',
      )(mail).catch((error: MailNotSent) => {
        found[answer] = [error.message.split(': ')[1], error.is_final, error.is_refused]
      })
    }
    assert.deepEqual(found, {
      450: ['EENVELOPE RCPT TO 450', false, false],
      550: ['EENVELOPE RCPT TO 550', true, true],
      554: ['EENVELOPE MAIL FROM 554', true, false],
      hang: ['ETIMEDOUT CONN', false, false],
    })
  })

  test('finds nobody where no server is', async () => {
    await assert.rejects(createMailer('smtp://127.0.0.1:1', 'trove@example.com')(mail), MailNotSent)
  })
})
