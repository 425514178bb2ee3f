// The OpenID provider: openid-client checks all that can be checked of an answer. Which provider it is was the operator's
// choice, so its address may be private; it is found when it is first needed, and Trove starts without it.
import * as oidc from 'openid-client'
import type { Context } from '../../context.ts'
import { Problem } from '../../ground/http/problem.ts'
import { inTime } from '../../ground/in-time.ts'
import type { Log } from '../../ground/log/log.ts'
import { perContext } from '../../ground/per-context.ts'
import { traced } from '../../ground/tracing/tracing.ts'
import {
  invalidCode,
  invalidProviderAnswer,
  noProvider,
  providerTimeout,
  providerUnavailable,
  signInRefused,
} from './problems.ts'

const TIMEOUT_MS = 10_000
export const CALLBACK_PATH = '/v1/auth/oidc/callback'

/** What a sign-in is recognised by when its answer comes. */
export interface Attempt {
  state: string
  nonce: string
  verifier: string
}

/** Who somebody is, as the provider says. */
export interface Person {
  issuer: string
  subject: string
  email: string | undefined
  is_email_verified: boolean
}

export interface Provider {
  issuer: string
  /** Where a browser signs in. @throws {Problem} 502 or 504 */
  begin(): Promise<{ url: string; attempt: Attempt }>
  /**
   * Who came back with an answer to an attempt.
   * @param search the query that the provider sent the browser back with
   * @throws {Problem} 400 for what is not valid, 502 or 504 where the provider is at fault
   */
  finish(search: string, attempt: Attempt): Promise<Person>
}

export interface ProviderSettings {
  issuer: string
  client_id: string
  client_secret: string
  /** Where people reach Trove. */
  public_url: string
}

/** The configured one. @throws {Problem} 404 where there is none */
export function providerOf(context: Context): Provider {
  const provider = configured(context)
  if (!provider) throw noProvider()
  return provider
}

const configured = perContext(({ config, log }: Context): Provider | undefined => {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PUBLIC_URL } = config
  if (!OIDC_ISSUER) return undefined
  return openProvider(
    {
      issuer: OIDC_ISSUER,
      client_id: OIDC_CLIENT_ID!,
      client_secret: OIDC_CLIENT_SECRET!,
      public_url: PUBLIC_URL!,
    },
    log,
  )
})

/** @param timeoutMs how long each step waits for the provider */
export function openProvider(
  { issuer, client_id, client_secret, public_url }: ProviderSettings,
  log: Log,
  timeoutMs = TIMEOUT_MS,
): Provider {
  const redirect_uri = public_url + CALLBACK_PATH
  let found: Promise<oidc.Configuration> | undefined

  const discover = () =>
    oidc.discovery(new URL(issuer), client_id, client_secret, secretAsSupported(client_secret), {
      [oidc.customFetch]: ask,
      timeout: timeoutMs / 1000,
      execute: [
        // By default a signature is taken on trust where TLS vouches for it.
        oidc.enableNonRepudiationChecks,
        ...(new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
      ],
    })

  /** Kept once it has been found; what failed is tried again by the next who asks. */
  const configuration = () => {
    found ??= discover().catch(error => {
      found = undefined
      throw error
    })
    return found
  }

  /** Lets a step fail as a problem, and the log say why: by names and codes, since answers hold codes and tokens. */
  async function step<T>(work: Promise<T>, problemOf: (error: unknown) => Problem): Promise<T> {
    try {
      return await inTime(work, timeoutMs, providerTimeout)
    } catch (error) {
      const problem =
        error instanceof Problem ? error : isTimeout(error) ? providerTimeout() : problemOf(error)
      const level = problem.status >= 500 ? 'warn' : 'info'
      log[level]('The OpenID provider did not sign somebody in', {
        error_code: problem.error_code,
        ...(error instanceof Problem ? {} : reasonOf(error)),
      })
      throw problem
    }
  }

  async function exchange(search: string, { state, nonce, verifier }: Attempt): Promise<Person> {
    const config = await configuration()
    const tokens = await oidc.authorizationCodeGrant(config, new URL(redirect_uri + search), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    const { iss, sub, ...claims } = tokens.claims()!
    const said =
      claims.email === undefined && config.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(config, tokens.access_token, sub)
        : claims
    return {
      issuer: iss,
      subject: sub,
      email: typeof said.email === 'string' ? said.email : undefined,
      // Some say it as text.
      is_email_verified: String(said.email_verified) === 'true',
    }
  }

  return {
    issuer,
    begin: async () => {
      const config = await step(configuration(), () => providerUnavailable())
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri,
        scope: 'openid email',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    },
    finish: async (search, attempt) => {
      await step(configuration(), () => providerUnavailable())
      return step(exchange(search, attempt), problemOfExchange)
    },
  }
}

/** In the header, which every provider must take, unless it names others only (OpenID Connect Discovery, section 3). */
function secretAsSupported(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const send = methods.includes('client_secret_basic') ? basic : post
    return send(server, ...rest)
  }
}

/** A redirect is followed by the browser alone. */
const ask: oidc.CustomFetch = (url, options) =>
  traced(
    options.method,
    { 'http.request.method': options.method, 'server.address': new URL(url).hostname },
    async span => {
      const answer = await fetch(url, { ...options, redirect: 'manual' } as RequestInit)
      span.set({ 'http.response.status_code': answer.status })
      if (answer.status >= 400) span.fail({ code: String(answer.status) })
      return answer
    },
  )

/** What openid-client calls an answer that it has read, and that is not right. */
const NOT_VALID = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
])

function problemOfExchange(error: unknown): Problem {
  if (error instanceof oidc.AuthorizationResponseError) return signInRefused()
  if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return invalidCode()
  return NOT_VALID.has(codeOf(error) ?? '') ? invalidProviderAnswer() : providerUnavailable()
}

const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code

/** It may stand behind another: a body that did not end in time cannot be read. */
function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'TimeoutError' || codeOf(error) === 'OAUTH_TIMEOUT' || isTimeout(error.cause)
}

/** The library's own words, and what an endpoint calls its refusal; nothing else of an answer. */
function reasonOf(error: unknown): Record<string, string | undefined> {
  const { message, cause } = error as Error
  return {
    reason: cause instanceof Error ? `${message}: ${cause.message}` : message,
    code: codeOf(error),
    refusal: error instanceof oidc.ResponseBodyError ? error.error : undefined,
  }
}
