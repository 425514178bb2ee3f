// Values made from a schema of the document: good ones, and ones that are wrong in a known way.
import fc, { type Arbitrary } from 'fast-check'
import { resolve, type Schema } from './document.ts'

/** Stands in every text that is wrong: no error may repeat it. */
export const CANARY = 'c4n4ry'

/** Things that exist, so that a request can meet them. */
export interface Known {
  ids: string[]
  emails: string[]
  password: string
  etag: string
}

const video = fc.stringMatching(/^[A-Za-z0-9_-]{11}$/)
const url = fc.oneof(
  {
    weight: 4,
    arbitrary: video.map(id => `https://www.youtube.com/watch?v=${id}&utm_source=x`),
  },
  { weight: 1, arbitrary: fc.constantFrom('abc', 'C1_-x').map(id => `https://instagram.com/reel/${id}/`) },
  { weight: 1, arbitrary: fc.webUrl().map(link => `${link}?${CANARY}`) },
)

/** A value that fits. `name` is that of the field, since a link or an email is more than its schema says. */
export function goodValue(
  json: Record<string, unknown>,
  schema: Schema,
  known: Known,
  name = '',
): Arbitrary<unknown> {
  const it = resolve<Schema>(json, schema)
  const options = (it.anyOf ?? it.oneOf) as Schema[] | undefined
  if (options) return fc.oneof(...options.map(option => goodValue(json, option, known, name)))
  if (it.const !== undefined) return fc.constant(it.const)
  if (it.enum) return fc.constantFrom(...(it.enum as unknown[]))
  const type = Array.isArray(it.type) ? it.type[0] : it.type
  if (type === 'integer') {
    return fc.integer({ min: (it.minimum as number) ?? 0, max: (it.maximum as number) ?? 1000 })
  }
  if (type === 'number') return fc.integer({ min: 0, max: 1000 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'array') {
    const { minItems = 0, items = {} } = it as { minItems?: number; items?: Schema }
    return fc.array(goodValue(json, items, known, name), { minLength: minItems, maxLength: minItems + 3 })
  }
  if (type === 'object') return goodObject(json, it, known)
  return goodText(it, known, name)
}

function goodObject(json: Record<string, unknown>, schema: Schema, known: Known): Arbitrary<unknown> {
  const fields = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  const model = Object.fromEntries(fields.map(([name, it]) => [name, goodValue(json, it, known, name)]))
  return fc.record(model, { requiredKeys: (schema.required as string[]) ?? [] })
}

function goodText(schema: Schema, known: Known, name: string): Arbitrary<unknown> {
  if (name === 'url') return url
  if (name === 'password')
    return fc.oneof(fc.constant(known.password), fc.string({ minLength: 8, maxLength: 20 }))
  if (schema.format === 'email') return fc.oneof(fc.constantFrom(...known.emails), fc.emailAddress())
  if (schema.format === 'uuid') return fc.oneof(fc.constantFrom(...known.ids), fc.uuid())
  const { minLength = 0, maxLength = 300 } = schema as { minLength?: number; maxLength?: number }
  const text = { minLength, maxLength: Math.min(maxLength, minLength + 40) }
  return fc.oneof(
    fc.string(text),
    fc.string({ ...text, unit: 'grapheme' }),
    fc.constant('a'.repeat(maxLength)),
  )
}

/** Texts that have broken something somewhere. */
export const oddText = fc
  .oneof(
    fc.constantFrom(
      ...[
        '',
        ' ',
        '0',
        '-1',
        '1.5',
        '1e3',
        'NaN',
        'null',
        'undefined',
        'TRUE',
        '__proto__',
        'constructor',
        '[]',
        '{}',
      ],
      ...[
        '%',
        '_',
        '\\',
        `'; drop table users; --`,
        '<script>',
        '\u202eabc',
        '\ufeff',
        '👩‍👩‍👧‍👦',
        'İ',
        'ß',
        'e\u0301',
      ],
      ...[
        '99999999999999999999',
        '9'.repeat(400),
        '00000000-0000-0000-0000-000000000000',
        '../..',
        '\r\nx: y',
        '\u0000',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(300, 5_000, 20_000).map(length => 'A'.repeat(length)),
  )
  .map(text => (text.length > 2 ? text + CANARY : text))

/** A name that is not known: an error may say it. */
export const oddName = oddText.map(text => text.replaceAll(CANARY, ''))

/** JSON that no schema of ours asks for. */
export const oddJson: Arbitrary<unknown> = fc.oneof(
  oddText,
  oddText.map(text => `${text}\ud800`),
  fc.constantFrom(null, true, 0, -1, 1.5, 1e308, [], {}, [[]], { odd: CANARY }, [CANARY, CANARY]),
  fc.integer({ min: 2, max: 400 }).map(depth => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
)

/** For a number with bounds: just outside of them. For anything else: an odd text. */
export function brokenText(schema: Schema): Arbitrary<string> {
  const bounds = [schema.minimum as number, schema.maximum as number].filter(bound => bound !== undefined)
  const { maxLength } = schema as { maxLength?: number }
  return fc.oneof(
    oddText,
    ...bounds.map((bound, i) => fc.constantFrom(...[bound, bound + (i === 0 ? -1 : 1)].map(String))),
    ...(maxLength ? [fc.constantFrom('a'.repeat(maxLength), CANARY + 'a'.repeat(maxLength))] : []),
  )
}
