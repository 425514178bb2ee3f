// What may be set while Trove runs, and what holds while it is not.
import { registrationSetting } from '../../accounts/settings.ts'
import type { Config } from '../../config/config.ts'
import { breakerOptions, breakerThreshold, breakerTimeout } from '../../ground/breakers.ts'
import {
  defaultLimit,
  rateLimitMaxRequests,
  rateLimitWindow,
} from '../../ground/http/limits/default-limit.ts'
import { backupPath, backupPathOf } from './backup-folder.ts'

export const SETTINGS = {
  rate_limit_max_requests: rateLimitMaxRequests,
  rate_limit_window: rateLimitWindow,
  circuit_breaker_failure_threshold: breakerThreshold,
  circuit_breaker_timeout: breakerTimeout,
  registration: registrationSetting,
  backup_path: backupPath,
}
export type SettingName = keyof typeof SETTINGS

/** Each setting as it is where `values` are set. */
export function inForce(config: Config, values: Record<string, unknown>) {
  const { quota, seconds } = defaultLimit(config, values)
  const { failures, openSeconds } = breakerOptions(values)
  return {
    rate_limit_max_requests: quota,
    rate_limit_window: seconds,
    circuit_breaker_failure_threshold: failures,
    circuit_breaker_timeout: openSeconds,
    registration: registrationSetting.of(values) ?? config.REGISTRATION,
    backup_path: backupPathOf(config, values),
  } satisfies Record<SettingName, unknown>
}

/** The configuration with what is set in place of what the environment says, and whose places those are. */
export function configInForce(config: Config, values: Record<string, unknown>) {
  const isSet = (...names: SettingName[]) => names.some(name => SETTINGS[name].of(values) !== undefined)
  return {
    config: {
      ...config,
      REGISTRATION: inForce(config, values).registration,
      RATE_LIMITS: { ...config.RATE_LIMITS, default: defaultLimit(config, values) },
    },
    set: new Set([
      ...(isSet('registration') ? ['REGISTRATION'] : []),
      ...(isSet('rate_limit_max_requests', 'rate_limit_window') ? ['RATE_LIMITS'] : []),
    ]),
  }
}
