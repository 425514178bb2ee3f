import nlp from 'compromise'
import type { AnalysisInput } from '../analysis.ts'
import { firstSentences } from '../embedding-text.ts'
import { calmCase, plainText, titleCase } from '../readable-text.ts'

const MOST_WORDS = 8
const LEAST_WORDS = 3
const MOST_CHARACTERS = 80

/** Says how it was published, not what it is about. */
const NOISE_WORD =
  '(?:the|new|full|official|music|lyrics?|audio|video|clip|visuali[sz]er|trailer|teaser|hd|hq|uhd|4k|8k|1080p|720p|60fps|vevo|live|stream|exclusive|explicit|clean|subtitles|cc|vlog|shorts?|reel|podcast|\\d{4})'
const ONLY_NOISE = new RegExp(`^${NOISE_WORD}(?:[\\s,/&+-]+${NOISE_WORD})*$`, 'i')
const BRACKETS = /[([{【「][^()[\]{}【】「」]*[)\]}】」]/gu
/** All but the apostrophe inside a word. */
const QUOTES = /[*"“”„«»]|(?<!\p{L})['‘’]|['‘’](?!\p{L})/gu
const SEPARATORS = /\s*(?:\|+|\/\/+|•|·|~+|\s[-–—]+\s|[–—]+|:{2,})\s*/u
const NUMBERED_TAIL = /\s(?:ep(?:isode)?|part|pt)[.\s]*\d+$/i
/** Who else takes part: the tail of many a song's title. */
const FEATURING = /\s(?:ft|feat|featuring)\b.*$/i
const EPISODE = /^(?:s\d+\s*)?(?:ep(?:isode)?|part|pt|season|vol|no|day|#)[.\s]*\d+\S*$/i

/**
 * A readable phrase of about 3 to 8 words, from the title: without the channel's name, "OFFICIAL VIDEO", hashtags
 * and emojis, and never in capitals. Without a title the caption speaks, then the description, the tags, the author.
 * '' only when there is no text.
 */
export function topicOf({ title, caption, description, tags, author }: AnalysisInput): string {
  const sources = [title, firstSentence(caption), firstSentence(description)]
  for (const source of sources) {
    const topic = phraseOf(source ?? '', author ?? '')
    if (topic) return countWords(topic) < LEAST_WORDS ? withMore(topic, author ?? '', tags) : topic
  }
  const lastWords = tags
    .slice(0, 3)
    .map(tag => titleCase(plainText(tag, 'keep words')))
    .filter(Boolean)
    .join(', ')
  const any = [title, caption, description, ...tags, author].map(text => text?.trim()).find(Boolean) ?? ''
  return lastWords || plainText(author ?? '') || any.slice(0, MOST_CHARACTERS)
}

function phraseOf(text: string, author: string): string {
  const plain = plainText(text) || plainText(text, 'keep words')
  const unbracketed = plain.replace(BRACKETS, ' ').replace(QUOTES, '').replace(/\s+/g, ' ').trim() || plain
  const parts = unbracketed
    .split(SEPARATORS)
    .map((part, index) => trimMarks(part.replace(index > 0 ? FEATURING : NUMBERED_TAIL, '')))
    .filter(Boolean)
  const telling = parts.filter(
    (part, index) => !ONLY_NOISE.test(part) && !isAuthor(part, author, index) && !EPISODE.test(part),
  )
  const phrase = shorten(telling.length > 0 ? telling : parts)
  return calmCase(trimMarks(phrase))
}

/** The first parts that fit: "artist – song" stays whole, a tail of keywords goes. */
function shorten(parts: string[]): string {
  let phrase = parts[0] ?? ''
  for (const part of parts.slice(1)) {
    const isTelling = countWords(phrase) >= LEAST_WORDS
    if (countWords(phrase) > LEAST_WORDS || (isTelling && countWords(phrase) + countWords(part) > MOST_WORDS))
      break
    phrase = `${phrase} – ${part}`
  }
  if (countWords(phrase) > MOST_WORDS) phrase = endOnNoun(firstClause(phrase))
  return [...phrase].slice(0, MOST_CHARACTERS).join('')
}

/** The first eight words, less those after the last noun: a phrase cut in its middle ends on something. */
function endOnNoun(phrase: string): string {
  const all = phrase.split(' ')
  const words = all.filter((_, index) => countWords(all.slice(0, index + 1).join(' ')) <= MOST_WORDS)
  if (words.length === all.length) return phrase
  for (let end = words.length; end >= LEAST_WORDS; end--) {
    const cut = words.slice(0, end).join(' ')
    const last = nlp(cut).terms().last()
    if (last.has('#Noun') && !last.has('#Pronoun')) return cut
  }
  return words.join(' ')
}

/** A long phrase ends at its first full stop, colon or comma after three words, when it has one. */
function firstClause(phrase: string): string {
  for (const match of phrase.matchAll(/(?<=\p{L}{2})[.!?:;,…]+\s/gu)) {
    const clause = phrase.slice(0, match.index)
    if (countWords(clause) >= LEAST_WORDS) return clause
  }
  return phrase
}

/** A phrase too short to tell anything gets its author, or a tag that says something new. */
function withMore(topic: string, author: string, tags: string[]): string {
  const name = plainText(author)
    .replace(/(?:\s*official|vevo)+$/gi, '')
    .trim()
  if (name && !letters(topic).includes(letters(name))) return `${topic} by ${calmCase(name)}`
  const tag = tags
    .map(tag => plainText(tag, 'keep words'))
    .find(tag => tag && !letters(topic).includes(letters(tag)))
  return tag ? `${topic} – ${titleCase(tag)}` : topic
}

/** A leading name before a dash is the artist, who belongs to the topic; elsewhere it is the channel. */
function isAuthor(part: string, author: string, index: number): boolean {
  const name = letters(author)
  return (
    index > 0 &&
    name !== '' &&
    (letters(part) === name || letters(part) === name.replace(/(?:official|vevo)+$/, ''))
  )
}

const firstSentence = (text: string | null): string =>
  firstSentences(plainText(text ?? '') || plainText(text ?? '', 'keep words')).split(/(?<=[.!?…])\s/)[0] ?? ''
const trimMarks = (text: string): string =>
  text
    .replace(/^[\s\p{P}\p{S}]+/u, '')
    .replace(/[\s\p{S}.,:;!?…*'"“”‘’_\-–—/\\|&]+$/u, '')
    .trim()
const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
const countWords = (text: string): number => text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*/gu)?.length ?? 0
