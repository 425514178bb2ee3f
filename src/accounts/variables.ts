import * as v from 'valibot'
import {
  oneOf,
  optionalNumber,
  optionalText,
  secret,
  text,
  variable,
  wholeNumber,
  yesNo,
} from '../ground/variable.ts'

export const REGISTRATIONS = ['open', 'invite', 'closed'] as const
export const TIERS = ['free', 'pro', 'enterprise'] as const

/** A slash at its end is part of an issuer's name. */
const issuerAddress = v.pipe(
  text,
  v.check(
    value => URL.canParse(value) && isSafe(new URL(value)),
    'must be an https:// address, or an http:// one of this machine',
  ),
)

const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' ||
  (protocol === 'http:' && /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname))

export const accountsVariables = {
  JWT_SECRET_KEY: secret(
    'Signs the tokens; at least 32 bytes, the same in every process. Not set: made and kept in DATA_DIR.',
    optionalText,
  ),
  JWT_ALGORITHM: variable('HS256 is the only value.', oneOf(['HS256'], 'HS256')),
  JWT_EXPIRY_DAYS: variable('How many days a sign-in lasts, and its token lives.', wholeNumber(7, 1, 3650)),
  ACCESS_TOKEN_MINUTES: variable(
    'How many minutes an access token lives, where clients use their refresh tokens. Not set: as long as the sign-in.',
    optionalNumber(1, 5_256_000),
  ),
  REGISTRATION: variable(
    'Who may make an account: open is anybody, invite who was invited, closed nobody. The first account can always be made.',
    oneOf(REGISTRATIONS, 'open'),
  ),
  DEFAULT_TIER: variable('The subscription tier of new users.', oneOf(TIERS, 'enterprise')),
  ADMIN_EMAIL: variable(
    'With ADMIN_PASSWORD: the account that is made an admin at a start while there is none.',
    v.optional(v.pipe(text, v.toLowerCase(), v.email('must be an email address'))),
  ),
  GDPR_GRACE_DAYS: variable(
    'How many days after it was asked for an account and all its data are erased.',
    wholeNumber(30, 0, 365),
  ),
  MAIL_URL: secret(
    'The server that mail goes out by, as smtp://user:password@host:587. Not set: admins hand out links themselves.',
    v.optional(
      v.pipe(
        text,
        v.check(
          value => /^smtps?:\/\//.test(value) && URL.canParse(value),
          'must be smtp://user:password@host:port',
        ),
      ),
    ),
  ),
  MAIL_FROM: variable('Who mail comes from, as Trove <trove@example.com>.', optionalText),
  OIDC_ISSUER: variable(
    'An OpenID provider that people may sign in by, spelled as it spells itself, with or without a slash at the end.',
    v.optional(issuerAddress),
  ),
  OIDC_CLIENT_ID: variable('What the provider knows Trove as.', optionalText),
  OIDC_CLIENT_SECRET: secret('The secret that the provider gave for it.', optionalText),
  OIDC_LINK_VERIFIED_EMAIL: variable(
    'Whether an account is the provider’s user of the same email, where the provider has verified it. Else its password is asked for once.',
    yesNo('false'),
  ),
}
