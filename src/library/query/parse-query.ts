// The language of searches: words and phrases, and operators such as `tag:recipes` or `-is:archived`. Pure.
import { CATEGORIES, type Category } from '../../vocabulary.ts'

export const STATES = ['favorite', 'archived', 'public', 'unread', 'failed'] as const
export const THINGS = ['note', 'tag'] as const

/** What a save must be, or with `is_not` must not be. */
export type Condition = { is_not: boolean } & (
  | { of: 'word'; value: string }
  | { of: 'tag' | 'in' | 'site'; value: string }
  | { of: 'category'; value: Category }
  | { of: 'is'; value: (typeof STATES)[number] }
  | { of: 'has'; value: (typeof THINGS)[number] }
  /** Midnight UTC of a day: before it, or from it on. */
  | { of: 'before' | 'after'; value: string }
)

export interface ParsedQuery {
  /** The words in their order, phrases without their quotes: what is looked for in texts. */
  text: string
  /** All else that must hold: phrases are in both. */
  conditions: Condition[]
}

/** An operator was given something that it does not take. `message` says what it takes. */
export class QueryFault extends Error {
  override readonly name = 'QueryFault'
}

/** A term: an operator, if any, and its value, either in quotes or up to the next space. */
const TERM = /(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/giu

/**
 * @param q a search as somebody types it; what is no operator is a word, so any text is a query
 * @throws {QueryFault} for an operator whose value it does not take
 */
export function parseQuery(q: string): ParsedQuery {
  const words: string[] = []
  const conditions: Condition[] = []
  for (const [whole, minus, operator = '', phrase, bare] of q.matchAll(TERM)) {
    const is_not = minus === '-'
    const value = (phrase ?? bare ?? '').trim()
    const condition = operator === '' ? undefined : readOperator(operator.toLowerCase(), value)
    if (condition) conditions.push({ ...condition, is_not } as Condition)
    else if (operator === '' && phrase !== undefined) {
      if (value === '') continue
      if (!is_not) words.push(value)
      conditions.push({ of: 'word', value, is_not })
    } else if (is_not && whole.length > 1) conditions.push({ of: 'word', value: whole.slice(1), is_not })
    else words.push(whole)
  }
  return { text: words.join(' '), conditions }
}

/** Whether saves of a state are asked for that lists leave out otherwise, or are told to be left out. */
export const asksFor = ({ conditions }: ParsedQuery, state: (typeof STATES)[number]): boolean =>
  conditions.some(({ of, value }) => of === 'is' && value === state)

type Read = (value: string) => Record<string, string>

const OPERATORS: Record<string, Read> = {
  tag: value => ({ of: 'tag', value: named('tag', value) }),
  in: value => ({ of: 'in', value: named('in', value) }),
  site: value => ({ of: 'site', value: readSite(value) }),
  category: value => ({ of: 'category', value: oneOf('category', CATEGORIES, value) }),
  is: value => ({ of: 'is', value: oneOf('is', STATES, value === 'favourite' ? 'favorite' : value) }),
  has: value => ({ of: 'has', value: oneOf('has', THINGS, value) }),
  before: value => ({ of: 'before', value: readDay('before', value) }),
  after: value => ({ of: 'after', value: readDay('after', value) }),
}

function readOperator(operator: string, value: string): Record<string, string> | undefined {
  // `https://…` and `Re: plans` are words.
  return Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]!(value) : undefined
}

function named(operator: string, value: string): string {
  if (value === '') throw new QueryFault(`${operator}: needs a name, such as ${operator}:"slow food"`)
  return value
}

function oneOf(operator: string, values: readonly string[], value: string): string {
  const found = values.find(known => known.toLowerCase() === value.toLowerCase())
  if (!found) throw new QueryFault(`${operator}: must be one of: ${values.join(', ')}`)
  return found
}

/** A host, also where a whole address was given. */
function readSite(value: string): string {
  const host = /^(?:https?:\/\/)?(?:www\.)?([^/:?#\s]+)/i.exec(value)?.[1]?.toLowerCase()
  if (!host?.includes('.')) throw new QueryFault('site: needs a host, such as site:example.com')
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    throw new QueryFault('site: needs a host, such as site:example.com')
  }
}

function readDay(operator: string, value: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined
  // 2026-02-30 would be a day in March.
  if (!day || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(value))
    throw new QueryFault(`${operator}: needs a day, such as ${operator}:2026-01-31`)
  return day.toISOString()
}
