// The limits by name, as RATE_LIMITS spells them: `login=5/15m` is five requests a quarter of an hour.

/**
 * What each counts a user, or an address where nobody is signed in; and how many of them a process reserves at once, where
 * that is more than one: writes and sign-ins are counted one by one.
 */
const DEFAULTS = {
  /** Whatever has no limit of its own. */
  default: ['300/1m', 10],
  /** What changes something. */
  writes: ['120/1m'],
  uploads: ['5/1m'],
  searches: ['50/1m', 5],
  /** Wrong passwords for one account from one network. */
  login: ['5/15m'],
  /** Wrong passwords from one network, for whatever accounts. */
  login_address: ['30/15m'],
  /** Wrong passwords for one account from anywhere. Full, it makes others wait and refuses nobody. */
  login_account: ['100/15m'],
  register: ['3/1h'],
  /** What else anybody may ask of accounts, from one network. */
  auth: ['10/1m'],
  /** How good passwords are, while somebody types one. */
  password_checks: ['30/1m'],
  refresh: ['30/1m'],
  /** Links to set a new password, for one email. */
  password_resets: ['3/1h'],
  users_list: ['100/1h'],
  users_create: ['50/1h'],
  users_delete: ['20/1h'],
  clients_list: ['100/1h'],
  clients_create: ['50/1h'],
  config_read: ['60/1h'],
  config_write: ['10/1h'],
  config_test: ['20/1h'],
  health_detailed: ['100/1h'],
  /** All that is somebody's, in one answer. */
  exports: ['2/1h'],
  backups: ['4/1h'],
  items_write: ['50/1h'],
  /** Links of batches, not requests. */
  items_batch: ['1000/1h'],
  items_read: ['100/1m', 10],
  /** What users did with contents: each row, also of those that come together. */
  interactions: ['3000/1h'],
  clusters_read: ['100/1m', 10],
  thumbnails: ['600/1m', 20],
  /** New addresses of webhooks: each is looked up. */
  webhook_targets: ['60/1h'],
  webhook_tests: ['60/1h'],
  webhook_redeliveries: ['600/1h'],
  /** The admin's pages, by whoever has the password. */
  admin: ['600/1m', 10],
} as const satisfies Record<string, readonly [text: string, reserved?: number]>

export type LimitName = keyof typeof DEFAULTS
export interface Limit {
  /** Requests a window. */
  quota: number
  /** Length of the window. */
  seconds: number
}
export type Limits = Record<LimitName, Limit>

export const LIMIT_NAMES = Object.keys(DEFAULTS) as LimitName[]

/** How many hits of a limit a process reserves at once. */
export const reservedOf = (name: LimitName): number => DEFAULTS[name][1] ?? 1

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/**
 * Reads `login=5/15m,items_write=50/h`; what it does not name keeps its default.
 * @returns undefined when the text is not of that form, names no limit of ours, or has a zero.
 */
export function readLimits(text: string): Limits | undefined {
  const given = text.split(',').filter(Boolean)
  const limits: Partial<Limits> = {}
  for (const entry of [...LIMIT_NAMES.map(name => `${name}=${DEFAULTS[name][0]}`), ...given]) {
    const [, name = '', quota, count, unit] =
      /^([a-z_]+)=(\d{1,9})\/(\d{0,6})([smhd])$/.exec(entry.trim()) ?? []
    const limit = {
      quota: Number(quota),
      seconds: Number(count || 1) * SECONDS[unit as keyof typeof SECONDS],
    }
    if (!Object.hasOwn(DEFAULTS, name) || !(limit.quota > 0 && limit.seconds > 0)) return undefined
    limits[name as LimitName] = limit
  }
  return limits as Limits
}
