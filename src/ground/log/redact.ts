// Takes secrets out of a finished line of the log, whoever wrote it there: by the name of their field or parameter, by
// their own form, and those of the configuration by their value.
import type { GroundConfig } from '../variables.ts'

const REDACTED = '[redacted]'

const NAMES = String.raw`[\w-]*(?:password|passwd|secret|token|authorization|cookie|api[_-]?key)`

/** What comes before a secret is kept: the group of each pattern. */
const PATTERNS = [
  // A field of the line, and one of JSON that stands quoted in a text.
  String.raw`("${NAMES}":")(?:[^"\\]|\\.)+`,
  String.raw`(\\"${NAMES}\\"\s*:\s*\\")(?:\\\\\\.|\\[^"]|[^"\\])+`,
  // A parameter of an address or a form.
  String.raw`((?:password|secret|token|signature|api[_-]?key|\bkey|\bsig|\bcode|\bcursor)=)[^\s&"'\\,;]+`,
  // The password of a connection string.
  String.raw`(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@\/"]*:)[^\s@"\/]+(?=@)`,
  // A header's value, JSON Web Tokens, and keys that say what they are.
  String.raw`(\b(?:bearer|basic)\s+)[\w.~+\/=-]{8,}`,
  String.raw`()\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?`,
  String.raw`()\b(?:sk-|whsec_|AIza|tr[a-z]_)[\w+\/=-]{8,}`,
]

/** A shorter value, such as `admin`, would be found in lines that do not mean it. */
const SHORTEST_SECRET = 8

/** By their names, so that one which is added later is taken out, too. */
const SECRET = /KEY|TOKEN|PASSWORD|SECRET/

/** Makes the function that replaces what must not be read in a log, in a line of JSON, which stays one. */
export function createRedact(config: Partial<GroundConfig>): (line: string) => string {
  const values = Object.entries(config)
    .flatMap(([name, value]) => (typeof value === 'string' ? secretsOf(name, value) : []))
    .filter(value => value.length >= SHORTEST_SECRET)
    .map(value => `()${escaped(JSON.stringify(value).slice(1, -1))}`)
  const pattern = new RegExp([...PATTERNS, ...values].join('|'), 'gi')
  return line =>
    line.replace(pattern, (_, ...groups) => `${groups.find(it => typeof it === 'string') ?? ''}${REDACTED}`)
}

/** A secret, or those in an address: the password as it was written, which may be encoded, and a token in its place. */
function secretsOf(name: string, value: string): string[] {
  if (SECRET.test(name)) return [value]
  const { protocol, username, password } = URL.parse(value) ?? {}
  return [password ?? '', protocol?.startsWith('http') ? (username ?? '') : '']
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
