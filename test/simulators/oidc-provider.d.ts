// The package has no types of its own. What is used of it here:
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  interface Context {
    oidc: {
      client: { clientId: string }
      session: { accountId: string }
      provider: { Grant: new (of: { clientId: string; accountId: string }) => Grant }
    }
  }

  export default class Provider {
    constructor(
      issuer: string,
      settings: {
        interactions: { url(context: Context, interaction: { uid: string }): string }
        findAccount(context: Context, sub: string): { accountId: string; claims(): { sub: string } }
        loadExistingGrant(context: Context): Promise<Grant>
        [setting: string]: unknown
      },
    )
    callback(): RequestListener
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
  }
}
