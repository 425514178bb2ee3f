// Requests made from the document: what a client may send, and what it should not.
import fc, { type Arbitrary } from 'fast-check'
import { type Document, type Operation, type Parameter, resolve, type Schema } from './document.ts'
import { brokenText, CANARY, goodValue, type Known, oddJson, oddName, oddText } from './values.ts'

export interface FuzzRequest {
  operation: Operation
  target: string
  headers: Record<string, string>
  body: string | undefined
}

/** These cost a bcrypt hash or an embedding each. */
const SLOW = new Set(['register', 'login', 'search'])

/** With `revoke_previous` it ends the key that signs the tokens of this test. */
const ENDS_TOKENS = 'rotateSigningKey'

/** Any request to any operation. `tokens.good` are a user's own and an admin's. */
export function anyRequest(document: Document, known: Known, tokens: { good: string[]; bad: string[] }) {
  return fc.oneof(
    ...document.operations
      .filter(({ operationId }) => operationId !== ENDS_TOKENS)
      .map(operation => ({
        weight: SLOW.has(operation.operationId) ? 1 : 5,
        arbitrary: requestTo(document, operation, known, tokens),
      })),
  )
}

function requestTo(
  { json }: Document,
  operation: Operation,
  known: Known,
  tokens: { good: string[]; bad: string[] },
): Arbitrary<FuzzRequest> {
  const of = (place: Parameter['in']) => operation.parameters.filter(parameter => parameter.in === place)
  const media = operation.requestBody?.content['application/json']
  return fc
    .record({
      path: fc.tuple(...of('path').map(it => pathSegment(json, it, known))),
      query: queryOf(json, of('query'), known),
      headers: headersOf(of('header'), known),
      token: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...tokens.good) },
        { weight: 1, arbitrary: fc.constantFrom('', ...tokens.bad) },
      ),
      body: media ? bodyOf(json, media.schema!, known) : fc.constant(undefined),
      type: fc.oneof(
        { weight: 12, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_TYPES) },
      ),
    })
    .map(({ path, query, headers, token, body, type }) => {
      let target = operation.path
      for (const [i, { name }] of of('path').entries()) target = target.replace(`{${name}}`, path[i]!)
      return {
        operation,
        target: query ? `${target}?${query}` : target,
        headers: {
          ...headers,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body !== undefined && type ? { 'content-type': type } : {}),
        },
        body,
      }
    })
}

const ODD_TYPES = [
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  `application/${CANARY}`,
]

/** Percent-encoded, half a surrogate pair as the bytes that it would have. */
const encode = (text: string) => encodeURIComponent(text.toWellFormed())

/** One segment that is not empty and is no dot segment: anything else would be another path. */
function pathSegment(json: Record<string, unknown>, { schema }: Parameter, known: Known): Arbitrary<string> {
  const odd = oddText.map(text => encode(`${CANARY}${text}`))
  return fc.oneof(
    { weight: 4, arbitrary: goodValue(json, schema, known).map(value => encode(String(value))) },
    { weight: 1, arbitrary: fc.oneof(odd, fc.constantFrom('%ff', '%00', '%ED%A0%80', '%zz')) },
  )
}

function queryOf(json: Record<string, unknown>, parameters: Parameter[], known: Known): Arbitrary<string> {
  const pairs = parameters.map(({ name, schema }) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant('') },
      {
        weight: 3,
        arbitrary: goodValue(json, schema, known, name).map(value => `${name}=${encode(String(value))}`),
      },
      { weight: 1, arbitrary: brokenText(schema).map(text => `${name}=${encode(text)}`) },
      { weight: 1, arbitrary: fc.constantFrom('%ff', '%ED%A0%80', '%zz', '%').map(raw => `${name}=${raw}`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(`${name}`, `${name}=1&${name}=2`, `${name}[]=1`, `${name}[a]=1`),
      },
    ),
  )
  const extra = fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.tuple(oddName, oddText).map(pair => pair.map(encode).join('=')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__proto__=1', '__proto__[x]=1', 'constructor=1', '&&', '=', '?'),
    },
  )
  return fc.tuple(...pairs, extra).map(parts => parts.filter(Boolean).join('&'))
}

/** What a Headers object takes: no line ends, no characters above U+00FF. */
const headerText = fc.oneof(
  fc.stringMatching(/^[!-~]{1,40}$/),
  fc.constantFrom('"', '*', 'W/', '""', ',', 'a b', '\u00ff', 'x'.repeat(256), 'x'.repeat(5000)),
)

function headersOf(parameters: Parameter[], known: Known): Arbitrary<Record<string, string>> {
  const values = parameters.map(({ name }) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: headerText },
      { weight: 1, arbitrary: fc.constantFrom(name.startsWith('If-') ? known.etag : 'a-key', '*') },
    ),
  )
  return fc
    .tuple(...values)
    .map(all =>
      Object.fromEntries(parameters.flatMap(({ name }, i) => (all[i] === undefined ? [] : [[name, all[i]]]))),
    )
}

function bodyOf(json: Record<string, unknown>, schema: Schema, known: Known): Arbitrary<string | undefined> {
  const good = goodValue(json, schema, known) as Arbitrary<Record<string, unknown>>
  const { properties, anyOf } = resolve<Schema & { anyOf?: Schema[] }>(json, schema)
  // A body that may be left out is null or the object.
  const object = (properties ?? anyOf?.find(it => it.properties)?.properties ?? {}) as object
  // One may be an object of anything.
  const fields = ['anything', ...Object.keys(object)]
  const replaced = fc
    .record({ body: good, field: fc.constantFrom(...fields), value: oddJson })
    .map(({ body, field, value }) => ({ ...body, [field]: value }))
  const dropped = fc
    .record({ body: good, field: fc.constantFrom(...fields) })
    .map(({ body, field }) => ({ ...body, [field]: undefined }))
  const added = fc
    .record({ body: good, field: oddName, value: oddJson })
    .map(({ body, field, value }) => ({ ...body, [field]: value }))
  const raw = fc.constantFrom(
    ...[
      '',
      '{',
      '[',
      '"',
      'nul',
      `{"${CANARY}`,
      '{"__proto__": {"x": 1}}',
      '{"constructor": null}',
      '\ufeff{}',
    ],
    ...[`${'['.repeat(50_000)}`, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, '{"a":1,"a":2}'],
  )
  return fc.oneof(
    { weight: 4, arbitrary: good.map(it => JSON.stringify(it)) },
    { weight: 3, arbitrary: replaced.map(it => JSON.stringify(it)) },
    { weight: 1, arbitrary: dropped.map(it => JSON.stringify(it)) },
    { weight: 1, arbitrary: added.map(it => JSON.stringify(it)) },
    { weight: 1, arbitrary: oddJson.map(it => JSON.stringify(it)) },
    { weight: 1, arbitrary: raw },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}
