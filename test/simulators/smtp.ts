// A mail server that answers as it is told, and remembers what it got.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  to: string[]
  /** As it came, but for what quoted-printable does to it. */
  text: string
}

/** The reply to each recipient, or to each sender if it is 554; `hang` is none. */
export type MailBehaviour = 'take' | 'hang' | number

export interface MailServer {
  /** For MAIL_URL: with a name and a password, and less patience than usual. */
  url: string
  password: string
  received: ReceivedMail[]
  /** How many recipients were named, whatever was answered. */
  asked: number
  answer: MailBehaviour
  close(): Promise<void>
}

export async function startMailServer(): Promise<MailServer> {
  const password = 'the-mail-servers-own'
  const server = new SMTPServer({
    // Its certificate is made up.
    disabledCommands: ['STARTTLS'],
    closeTimeout: 1,
    onAuth: (given, _, reply) =>
      given.password === password ? reply(null, { user: given.username }) : reply(refusal(535)),
    onMailFrom: (_, __, reply) => reply(mails.answer === 554 ? refusal(554) : null),
    onRcptTo: (_, __, reply) => {
      mails.asked++
      if (mails.answer === 'hang') return
      reply(mails.answer === 'take' ? null : refusal(mails.answer))
    },
    onData: async (stream, { envelope }, reply) => {
      let text = ''
      for await (const part of stream) text += part
      const to = envelope.rcptTo.map(({ address }) => address)
      mails.received.push({ to, text: text.replaceAll(/(?<!\?)=\r\n/g, '').replaceAll('=3D', '=') })
      reply(null)
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const mails: MailServer = {
    url: `smtp://trove:${password}@127.0.0.1:${port}?socketTimeout=300`,
    password,
    received: [],
    asked: 0,
    answer: 'take',
    close: () => new Promise(resolve => server.close(resolve)),
  }
  return mails
}

/** As servers do, it repeats what it was told. */
const refusal = (responseCode: number) =>
  Object.assign(new Error('no such thing as what you said'), { responseCode })
