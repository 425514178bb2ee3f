// Places, people and organisations in a text, by the compromise package, which reads English and needs capitals.
import nlp from 'compromise'
import type { AnalysisInput } from '../analysis.ts'
import { firstSentences } from '../embedding-text.ts'
import { calmCase, plainText, titleCase } from '../readable-text.ts'

const MOST_NAMES = 10
const TAGS_READ = 12
const MOST_WORDS = 4
/** No name of a place or person: the package takes "Chinese Street Food" for an address. */
const NOT_A_NAME =
  /\b(?:food|tour|recipes?|video|official|trailer|review|tutorial|challenge|guide|vlog|episode|season|part|subscribe|more|lyrics?|halloween|christmas|he|she|they|you|i)\b/i

interface Names {
  locations: string[]
  entities: string[]
}

/** Names in the order in which they appear, each once, ten of a kind at most. */
export function findNames({ title, caption, description, tags, author }: AnalysisInput): Names {
  const prose = namesIn(
    [title, firstSentences(caption ?? ''), firstSentences(description ?? '')].map(readable).join('. '),
  )
  const tagged = tags.slice(0, TAGS_READ).map(namesInTag)
  const places = [...prose.locations, ...tagged.flatMap(names => names.locations)]
  const locations = distinct(places.filter(place => place.toLowerCase() !== author?.trim().toLowerCase()))
  const taken = new Set(locations.map(name => name.toLowerCase()))
  const entities = distinct([...prose.entities, ...tagged.flatMap(names => names.entities)])
  return { locations, entities: entities.filter(name => !taken.has(name.toLowerCase())) }
}

function namesIn(text: string): Names {
  const doc = nlp(text)
  const out = (found: { out(how: 'array'): unknown }) => found.out('array') as string[]
  return {
    locations: out(doc.places())
      .flatMap(place => place.split(/,\s*/))
      .map(clean)
      .filter(isName),
    entities: [
      ...out(doc.people())
        .map(clean)
        .map(person => withSurname(withoutVerbs(person), text)),
      ...out(doc.organizations()).map(clean),
    ].filter(isName),
  }
}

/** A tag is a name only as a whole: "tom petty tribute" names nobody, and "steve" could be anybody. */
function namesInTag(tag: string): Names {
  const text = titleCase(plainText(tag, 'keep words'))
  const { locations, entities } = namesIn(text)
  const whole = (name: string) => name.toLowerCase() === clean(text).toLowerCase()
  const isSomebody = (name: string) => name.includes(' ') || nlp(name).has('#Organization')
  return { locations: locations.filter(whole), entities: entities.filter(whole).filter(isSomebody) }
}

/** Calm capitals, and each part a sentence of its own, so that no name runs from one into the next. */
const readable = (text: string | null): string =>
  calmCase(plainText(text ?? '', 'keep words'))
    .split(/\s*(?:[|:•()[\]"“”*]|\/\/|\s[-–—]\s)\s*/)
    .map(part => part.replace(/\s&\s/g, ' and ').replace(/[.\s]+$/, ''))
    .filter(Boolean)
    .join('. ')

/** The first of those that share a word: "Nick Saban" stays, "Nick Saban Rant" goes; but "Kelly" gives way to "Kelly Clarkson". */
function distinct(names: string[]): string[] {
  const kept: string[] = []
  for (const name of names) {
    const same = kept.findIndex(other => shareWord(other, name))
    if (same < 0) kept.push(name)
    else if (!kept[same]!.includes(' ')) kept[same] = name
  }
  return kept.slice(0, MOST_NAMES)
}

function shareWord(a: string, b: string): boolean {
  const words = wordsOf(a)
  return wordsOf(b).some(word => words.includes(word))
}

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .split(' ')
    .filter(word => word.length > 2)

/** Without punctuation at its ends, "the" or a possessive. */
const clean = (name: string): string =>
  name
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/['’]s?$/i, '')
    .replace(/^the\s+/i, '')

/** In a title "Russell Wilson Goes" looks like a name of three words. */
function withoutVerbs(person: string): string {
  const words = person.split(/\s+/)
  while (words.length > 1 && isVerb(words[0]!)) words.shift()
  while (words.length > 2 && isVerb(words.at(-1)!)) words.pop()
  return words.join(' ')
}

/** The package misses surnames that are words as well, such as Swift: what follows in capitals is one. */
function withSurname(person: string, text: string): string {
  if (person.includes(' ') || !nlp(person).has('#Person')) return person
  const start = text.indexOf(`${person} `) + person.length + 1
  const next = start > person.length ? /^\p{Lu}\p{Ll}[\p{L}-]+/u.exec(text.slice(start))?.[0] : undefined
  return next && !nlp(next.toLowerCase()).has('(#Verb|#Preposition|#Conjunction)')
    ? `${person} ${next}`
    : person
}

const isVerb = (word: string): boolean => nlp(word.toLowerCase()).has('(#PresentTense|#PastTense|#Copula|be)')

const isName = (name: string): boolean =>
  /^[\p{Lu}\p{Lo}]/u.test(name) &&
  name.length > 1 &&
  name.split(' ').length <= MOST_WORDS &&
  !NOT_A_NAME.test(name)
