// Signs in by an OpenID provider as a browser does: follows redirects, and keeps cookies of Trove and of the provider.
import type { Answer, Client } from './app.ts'

export interface Browser {
  /** Asks Trove. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Begins, and signs in at the provider. @returns the path of Trove that it leads back to */
  goToProvider(query?: string): Promise<string>
  /** Does all of it. @param headers of the last request */
  signIn(query?: string, headers?: Record<string, string>): Promise<Answer>
  link(link_ticket: string, password: string): Promise<Answer>
  /** Those for Trove, as a request sends them. */
  cookies(): string
}

/** @param cookie one that it has already */
export function openBrowser(trove: Client, cookie?: string): Browser {
  const [ours, theirs] = [new Map<string, string>(), new Map<string, string>()]
  const keep = (jar: Map<string, string>, headers: Headers) => {
    for (const [, name, value, rest] of headers
      .getSetCookie()
      .map(line => /^([^=]+)=([^;]*)(.*)$/.exec(line)!)) {
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(rest!)) jar.delete(name!)
      else jar.set(name!, value!)
    }
  }
  const textOf = (jar: Map<string, string>) => [...jar].map(pair => pair.join('=')).join('; ')
  if (cookie) ours.set(...(cookie.split('=', 2) as [string, string]))

  const asOurs = async (work: (headers: Record<string, string>) => Promise<Answer>) => {
    const answer = await work({ cookie: textOf(ours) })
    keep(ours, answer.headers)
    return answer
  }
  const browser: Browser = {
    cookies: () => textOf(ours),
    get: (path, headers = {}) => asOurs(cookies => trove.get(path, { ...headers, ...cookies })),
    link: (link_ticket, password) =>
      asOurs(cookies => trove.post('/v1/auth/oidc/link', { link_ticket, password }, cookies)),
    goToProvider: async (query = '') => {
      const start = await browser.get(`/v1/auth/oidc/start${query}`)
      if (start.status !== 302) throw new Error(`start answered ${start.status}: ${start.body.detail}`)
      const { origin } = new URL(start.headers.get('location')!)
      let at = start.headers.get('location')!
      while (at.startsWith(origin)) {
        const answer = await fetch(at, { redirect: 'manual', headers: { cookie: textOf(theirs) } })
        keep(theirs, answer.headers)
        const location = answer.headers.get('location')
        if (!location)
          throw new Error(`${new URL(at).pathname} answered ${answer.status}: ${await answer.text()}`)
        at = new URL(location, at).href
      }
      const { pathname, search } = new URL(at)
      return pathname + search
    },
    signIn: async (query, headers) => browser.get(await browser.goToProvider(query), headers),
  }
  return browser
}
