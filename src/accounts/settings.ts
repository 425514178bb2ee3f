import * as v from 'valibot'
import { defineSetting } from '../ground/settings/settings.ts'
import { REGISTRATIONS } from './variables.ts'

/** Who may make an account; while it is not set, REGISTRATION says it. */
export const registrationSetting = defineSetting(
  'registration',
  v.picklist(REGISTRATIONS, `must be one of: ${REGISTRATIONS.join(', ')}`),
)
