// How a variable of the environment is declared: its sentence, and the rule for what stands in it.
import * as v from 'valibot'

/**
 * A variable.
 * @param sentence what it is for, as `.env.example` and docs/configuration.md say it
 * @param rule reads the text, and says what would be right; with its default, if it has one
 */
export const variable = <Rule extends v.GenericSchema>(sentence: string, rule: Rule) =>
  v.pipe(rule, v.description(sentence))

/** A variable whose value nobody is shown: a secret, or an address that a password may stand in. */
export const secret = <Rule extends v.GenericSchema>(sentence: string, rule: Rule) =>
  v.pipe(rule, v.description(sentence), v.metadata({ is_secret: true }))

export const isSecret = (rule: v.GenericSchema): boolean => v.getMetadata(rule).is_secret === true

export const text = v.pipe(v.string(), v.trim())
export const optionalText = v.optional(text)

const numberFrom = (least: number, most: number) =>
  v.pipe(
    text,
    v.regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`),
    v.transform(Number),
    v.minValue(least, `must be a whole number from ${least} to ${most}`),
    v.maxValue(most, `must be a whole number from ${least} to ${most}`),
  )

export const wholeNumber = (fallback: number, least: number, most: number) =>
  v.optional(numberFrom(least, most), String(fallback))

export const optionalNumber = (least: number, most: number) => v.optional(numberFrom(least, most))

export const oneOf = <const T extends readonly string[]>(choices: T, fallback: T[number]) =>
  v.optional(v.pipe(text, v.picklist(choices, `must be one of: ${choices.join(', ')}`)), fallback)

export const webAddress = v.pipe(
  text,
  v.check(
    value => /^https?:\/\//.test(value) && URL.canParse(value),
    'must be an http:// or https:// address',
  ),
  v.transform(value => value.replace(/\/+$/, '')),
)

export const postgresAddress = v.pipe(
  text,
  v.check(
    value => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value),
    'must be postgres://user:password@host:port/database',
  ),
)

export const list = v.optional(
  v.pipe(
    text,
    v.transform(value =>
      value
        .split(',')
        .map(part => part.trim())
        .filter(Boolean),
    ),
  ),
  '',
)

export const yesNo = (fallback: 'true' | 'false') =>
  v.optional(
    v.pipe(
      text,
      v.picklist(['true', 'false'], 'must be true or false'),
      v.transform(value => value === 'true'),
    ),
    fallback,
  )

/** The variables that somebody declares, by their names. */
export type Variables = Record<string, v.GenericSchema>

/** Reads one's own variables from the configuration, which holds those of all. */
export const settingsOf =
  <Own extends Variables>(_own: Own) =>
  (config: object) =>
    config as { [Name in keyof Own]: v.InferOutput<Own[Name]> }
