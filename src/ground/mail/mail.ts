// Mail goes out by the operator's own server, over SMTP.
import type { Transporter } from 'nodemailer'

/** What a server may take to be reached, to greet, and to answer; `?socketTimeout=…` in the address says it otherwise. */
const WAITS_MS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }

export interface Mail {
  /** One address. */
  to: string
  subject: string
  text: string
  html: string
}

/** What went wrong, without what the server said: that may repeat an address, or a password. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent'
  /** The server takes no mail for this address, whoever sends it. */
  readonly is_refused: boolean
  /** Another try would end alike. */
  readonly is_final: boolean

  constructor({ code, command, responseCode = 0 }: SmtpError) {
    const at = [code, command === code ? '' : command, responseCode || ''].filter(Boolean).join(' ')
    super(`The mail server did not take a mail: ${at || 'unknown error'}`)
    this.is_final = responseCode >= 500
    this.is_refused = this.is_final && command === 'RCPT TO'
  }
}

interface SmtpError {
  code?: string
  command?: string
  responseCode?: number
}

/** Sends a mail. @throws {MailNotSent} */
export type SendMail = (mail: Mail) => Promise<void>

/**
 * @param url as smtp://user:password@host:587
 * @param from who the mails come from, as Trove <trove@example.com>
 */
export function createMailer(url: string, from: string): SendMail {
  let transport: Transporter | undefined
  return async ({ to, ...mail }) => {
    // Loaded where mail is sent: it takes 17 MB.
    const { createTransport } = await import('nodemailer')
    transport ??= createTransport(
      // Nothing in a mail of ours names a file or an address to read.
      { ...WAITS_MS, url, disableFileAccess: true, disableUrlAccess: true },
      { from, headers: { 'auto-submitted': 'auto-generated' } },
    )
    try {
      // As an object, or an address that looks like a list would be one.
      await transport.sendMail({ ...mail, to: { name: '', address: to } })
    } catch (error) {
      throw new MailNotSent(error as SmtpError)
    }
  }
}
