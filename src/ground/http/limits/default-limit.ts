// The one limit that an admin may change while Trove runs.
import type { Ground } from '../../ground.ts'
import { defineSetting, liveSettings, settingNumber } from '../../settings/settings.ts'
import type { Limit, LimitName } from './limits.ts'

export const rateLimitMaxRequests = defineSetting('rate_limit_max_requests', settingNumber(1, 10_000))
/** In seconds. */
export const rateLimitWindow = defineSetting('rate_limit_window', settingNumber(1, 86_400))

/** The limit `default`, where these settings are in force. */
export const defaultLimit = (config: Ground['config'], values: Record<string, unknown>): Limit => {
  const { quota, seconds } = config.RATE_LIMITS.default
  return { quota: rateLimitMaxRequests.of(values) ?? quota, seconds: rateLimitWindow.of(values) ?? seconds }
}

/** A limit as it is in this process now. */
export const limitNow = (ground: Ground, name: LimitName): Limit =>
  name === 'default'
    ? defaultLimit(ground.config, liveSettings(ground).now())
    : ground.config.RATE_LIMITS[name]
