import * as v from 'valibot'
import { optionalText, secret, text, variable } from '../ground/variable.ts'

export const operationsVariables = {
  ADMIN_USER: variable('Who may open the queue dashboard and the admin’s pages.', v.optional(text, 'admin')),
  ADMIN_PASSWORD: secret(
    'The password for them. Not set: made, kept in DATA_DIR and printed once.',
    optionalText,
  ),
  METRICS_TOKEN: secret(
    'Who may read /metrics, as a bearer token. Not set: anybody, but nobody in production.',
    optionalText,
  ),
}
