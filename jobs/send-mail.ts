// Sends one mail. Its link is made anew by each try, so that none lies in the queue; the last one that was sent counts.
import { sendMail } from '../src/accounts/jobs.ts'
import { makeResetLink } from '../src/accounts/passwords/reset-link.ts'
import { resetMail } from '../src/accounts/passwords/reset-mail.ts'
import { findPassword } from '../src/accounts/store.ts'
import type { Context } from '../src/context.ts'
import { createMailer, MailNotSent } from '../src/ground/mail/mail.ts'
import { perContext } from '../src/ground/per-context.ts'
import type { Effect } from '../src/ground/queue/queue.ts'
import { handle } from '../src/handler.ts'

export default handle(sendMail, {
  run: (payloads, context) => Promise.all(payloads.map(({ user_id }) => mailLink(user_id, context))),
})

const DONE: Effect = async () => {}

/** The configuration has a PUBLIC_URL where it has a MAIL_URL. */
const mailer = perContext(({ config }: Context) => {
  const { MAIL_URL, PUBLIC_URL, MAIL_FROM = `Trove <trove@${new URL(PUBLIC_URL!).hostname}>` } = config
  return MAIL_URL === undefined ? undefined : createMailer(MAIL_URL, MAIL_FROM)
})

/** Nothing, where there is nobody to write to: the request for it was answered alike. */
async function mailLink(userId: string, context: Context): Promise<Effect | Error> {
  const { config, database, log } = context
  const send = mailer(context)
  const user = send && (await findPassword(database.sql, userId))
  if (!send || !user) return DONE
  const { url } = await makeResetLink(database.sql, config.PUBLIC_URL!, userId)
  try {
    await send(resetMail(user.email, url))
  } catch (error) {
    if (!(error instanceof MailNotSent && error.is_refused)) return error as Error
    log.warn('A mail was refused: there is no such mailbox, or it takes none', { user_id: userId })
  }
  return DONE
}
