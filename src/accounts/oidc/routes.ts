import type { Context } from '../../context.ts'
import { tripped } from '../../ground/database/tripped.ts'
import { audit } from '../../ground/http/audit/store.ts'
import { clientNetwork } from '../../ground/http/edge/client-address.ts'
import { route } from '../../route.ts'
import { SIGNED_IN } from '../examples.ts'
import { accountDisabled } from '../problems.ts'
import { AuthAnswer } from '../schema.ts'
import { startSession, tokensOf } from '../sessions/sign-in.ts'
import { guesses } from '../sign-in/guesses.ts'
import { verifyPassword } from '../sign-in/passwords.ts'
import { tooBusy } from '../sign-in/turns.ts'
import { findPassword, lockPassword, readOldPepper } from '../store.ts'
import { findOrMakeAccount, linkIdentity } from './account.ts'
import {
  forgetStarted,
  giveTicket,
  isPage,
  keepStarted,
  readStarted,
  readTicket,
  redirect,
  refusing,
  toPage,
  wantsJson,
} from './browser.ts'
import {
  accountDeleted,
  emailMissing,
  emailNotVerified,
  invalidCode,
  invalidLinkTicket,
  invalidProviderAnswer,
  linkRequired,
  noProvider,
  providerTimeout,
  providerUnavailable,
  registrationClosed,
  signInExpired,
  signInRefused,
  wrongPassword,
} from './problems.ts'
import { CALLBACK_PATH, type Person, providerOf } from './provider.ts'
import { CallbackQuery, LinkBody, StartAnswer, StartQuery } from './schema.ts'

const start = route(
  'GET /v1/auth/oidc/start',
  {
    id: 'startProviderSignIn',
    tag: 'Accounts',
    summary: 'Sign in by the OpenID provider',
    description:
      'Leads a browser to the provider (302); a program that accepts `application/json` only is told the address. A cookie holds what the answer must fit, for ten minutes.',
    may: 'anybody',
    limit: 'auth',
    query: StartQuery,
    gives: {
      body: StartAnswer,
      text: 'Where to sign in.',
      example: {
        authorization_url:
          'https://id.example.com/authorize?client_id=trove&response_type=code&scope=openid+email',
      },
    },
    problems: [noProvider, providerUnavailable, providerTimeout],
  },
  async ({ query, ...asked }) => {
    const { context, request } = asked
    const provider = providerOf(context)
    return refusing(request, async () => {
      const { url, attempt } = await provider.begin()
      const { return_to, remember_me = false } = query
      keepStarted(asked, provider.issuer, { ...attempt, return_to, remember_me })
      return wantsJson(request) ? { authorization_url: url } : redirect(url)
    })
  },
)

const callback = route(
  `GET ${CALLBACK_PATH}`,
  {
    id: 'finishProviderSignIn',
    tag: 'Accounts',
    summary: 'Come back from the OpenID provider',
    description:
      'Where the provider sends a browser to. Who was here before is signed in; who is new gets an account, where registration is open. An account of the same email is linked by `POST /v1/auth/oidc/link`, or at once where OIDC_LINK_VERIFIED_EMAIL is set and the provider has verified the email. A browser is led to `/library#refresh_token=…`, `#link=…` or `#sign-in-error=…` (302).',
    may: 'anybody',
    limit: 'auth',
    query: CallbackQuery,
    gives: { body: AuthAnswer, text: 'The user and new tokens.', example: SIGNED_IN },
    problems: [
      signInExpired,
      signInRefused,
      invalidProviderAnswer,
      invalidCode,
      emailMissing,
      emailNotVerified,
      registrationClosed,
      accountDisabled,
      accountDeleted,
      noProvider,
      linkRequired,
      providerUnavailable,
      providerTimeout,
    ],
  },
  async asked => {
    const { context, request } = asked
    const provider = providerOf(context)
    return refusing(request, async () => {
      const started = readStarted(asked, provider.issuer)
      if (!started) throw signInExpired()
      const { search } = new URL(request.url)
      const person = await provider.finish(search, started)
      const { remember_me, return_to } = started
      const found = await signIn(context, request, person, remember_me)
      forgetStarted(asked)
      if ('account_id' in found) {
        const { issuer, subject } = person
        const link_ticket = giveTicket(asked, { issuer, subject, remember_me, ...found })
        if (isPage(request)) return toPage('link', link_ticket, return_to)
        throw linkRequired({ link_ticket })
      }
      const tokens = await tokensOf(context, found)
      return isPage(request) ? toPage('refresh_token', tokens.refresh_token, return_to) : tokens
    })
  },
)

/** Begins a session of a person's account, or says whose account they must be linked to before. */
async function signIn(context: Context, request: Request, person: Person, remembers: boolean) {
  const attempt = () =>
    context.queue.begin(async tx => {
      const { account_id, by } = await findOrMakeAccount(tx, context, person)
      if (by === 'link_required') return { account_id }
      const record = (action: string) =>
        audit(tx, request, {
          user_id: account_id,
          action,
          resource_type: 'user',
          resource_id: account_id,
          details: { by: 'oidc' },
        })
      if (by !== 'identity') await record(by)
      if (by !== 'register') await record('login')
      return startSession(tx, context, request, account_id, remembers)
    })
  // Made at the same moment by another device: then it is there.
  return attempt().catch(error => {
    if (tripped(error, 'users_email_taken')) return attempt()
    throw error
  })
}

const link = route(
  'POST /v1/auth/oidc/link',
  {
    id: 'linkIdentity',
    tag: 'Accounts',
    summary: 'Link an account to who signed in by the provider',
    description:
      'By the password of the account, once: from then on the provider signs in to it. The ticket is that of `LINK_REQUIRED`, and counts for ten minutes in the browser that got it, by a cookie. Wrong passwords are counted as those of `POST /v1/auth/login`.',
    may: 'anybody',
    limit: 'auth',
    body: LinkBody,
    example: {
      link_ticket: 'v1.kq3N0cXo2n8bH1dG.Zm9yIHRoZSBleGFtcGxlIG9ubHk',
      password: 'correct horse battery staple',
    },
    gives: { body: AuthAnswer, text: 'The user and new tokens.', example: SIGNED_IN },
    problems: [noProvider, invalidLinkTicket, wrongPassword, accountDisabled, tooBusy],
    audit: { of: 'user', actions: ['link_identity', 'login', 'login_failed'] },
  },
  {
    // Not in the transaction: what is wrong must be audited and counted all the same.
    prepare: async ({ sql, audit, body, ...asked }) => {
      const { context, request, set } = asked
      providerOf(context)
      const ticket = readTicket(asked, body.link_ticket)
      const login = ticket && (await findPassword(sql, ticket.account_id))
      if (!login) throw invalidLinkTicket()
      return guesses(context).judge(request, set, login.email, async () => {
        const keys = { masters: context.config, old: await readOldPepper(sql) }
        const network = clientNetwork(request)
        const verdict = await verifyPassword(body.password, keys, login.password_hash, network)
        if (verdict !== 'wrong') return { ticket, login }
        await audit(login.id, { by: 'oidc' }, { action: 'login_failed', user_id: login.id })
        return undefined
      })
    },
    handle: async ({ tx, prepared, context, request, audit }) => {
      if (!prepared) throw wrongPassword()
      const { ticket, login } = prepared
      if (!login.is_active) throw accountDisabled()
      // Another password was set since it was tried.
      const { password_hash } = (await lockPassword(tx, login.id)) ?? {}
      if (password_hash !== login.password_hash) throw wrongPassword()
      const outcome = await linkIdentity(tx, ticket, login.id)
      if (outcome === 'taken') throw invalidLinkTicket()
      const actions = outcome === 'linked' ? (['link_identity', 'login'] as const) : (['login'] as const)
      for (const action of actions) await audit(login.id, { by: 'oidc' }, { action, user_id: login.id })
      return startSession(tx, context, request, login.id, ticket.remember_me)
    },
    finish: (started, { context }) => tokensOf(context, started),
  },
)

export const oidcRoutes = [start, callback, link]
