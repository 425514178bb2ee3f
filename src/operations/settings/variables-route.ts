// Every variable of the environment, for admins.
import * as v from 'valibot'
import { showValue } from '../../config/show-value.ts'
import type { Route } from '../../ground/http/route.ts'
import { readSettings } from '../../ground/settings/store.ts'
import { isSecret, type Variables } from '../../ground/variable.ts'
import { route } from '../../route.ts'
import { configInForce } from './in-force.ts'
import { type VariableAnswer, VariablesAnswer } from './schema.ts'

/** @param sections all variables by who declares them, since no room knows those of the rooms above it */
export const variablesRoute = (sections: Record<string, Variables>): Route =>
  route(
    'GET /v1/config/variables',
    {
      id: 'listVariables',
      tag: 'Administration',
      summary: 'Every variable of the environment',
      description:
        'Those of the process that answers. A secret, and an address that a password may stand in, is never shown: only whether it is set.',
      may: 'admin',
      in_person: true,
      limit: 'config_read',
      gives: {
        body: VariablesAnswer,
        text: 'The variables.',
        example: {
          variables: [
            {
              name: 'REGISTRATION',
              description: 'Who may make an account.',
              section: 'accounts',
              source: 'setting',
              is_secret: false,
              is_set: true,
              value: 'invite',
            },
          ],
          total: 1,
        },
      },
    },
    async ({ sql, context }) => {
      const { config, set } = configInForce(context.config, (await readSettings(sql)).values)
      const variables = Object.entries(sections).flatMap(([section, rules]) =>
        Object.entries(rules).map(([name, rule]): VariableAnswer => {
          const value = config[name as keyof typeof config]
          const is_secret = isSecret(rule)
          return {
            name,
            description: v.getDescription(rule) ?? '',
            section,
            source: set.has(name) ? 'setting' : config.GIVEN.has(name) ? 'environment' : 'default',
            is_secret,
            is_set: value !== undefined,
            value: is_secret ? null : (showValue(name, value) ?? null),
          }
        }),
      )
      return { variables, total: variables.length }
    },
  )
