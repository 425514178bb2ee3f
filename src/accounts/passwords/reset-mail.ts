import { escapeHtml } from '../../ground/escape-html.ts'
import type { Mail } from '../../ground/mail/mail.ts'

/** The mail with a link to set a new password. */
export function resetMail(to: string, url: string): Mail {
  const { host } = new URL(url)
  const asked = `Somebody, probably you, has asked for a link to set a new password for your account at ${host}.`
  const rules = 'It works once, within an hour. You are then signed out everywhere.'
  const ignore = 'If it was not you, do nothing: your password stays as it is.'
  const link = escapeHtml(url)
  return {
    to,
    subject: 'Set a new password',
    text: [asked, url, rules, ignore].join('\n\n'),
    html: [escapeHtml(asked), `<a href="${link}">Set a new password</a>`, rules, ignore, link]
      .map(line => `<p>${line}</p>`)
      .join('\n'),
  }
}
