// How terms become labels in one language: which can be one, and how they are written.
import type Tagger from 'compromise/two'
import { KINDS } from './kinds.ts'
import type { Term } from './rank-terms.ts'
import { capitalise, type TrueCase } from './true-case.ts'
import { canBeNoun } from './words/nouns.ts'

export interface Style {
  /** Whether a term can stand alone: it names something, and says more than how or what is done. */
  namesSubject(term: Term): boolean
  isKeyword(term: Term): boolean
  /** Whether a term names the same with the kind of save, and so says more: "iPhone X review" of "iPhone X". */
  isKindOf(term: Term, whole: Term): boolean
  /** One term, or two as "A & B". */
  label(...terms: Term[]): string
}

/**
 * The styles of groups in these languages, by their codes of ISO 639-1.
 * @returns for a language, and the titles of the members
 */
export async function loadStyles(
  languages: string[],
  trueCase: TrueCase,
): Promise<(language: string, titles: string[]) => Style> {
  // The tagger takes half a second to load, and 47 MB.
  const english = languages.includes('en')
    ? englishStyle(trueCase, (await import('compromise/two')).default)
    : undefined
  return (language, titles) =>
    english && language === 'en' ? english : foreignStyle(language, trueCase, titles)
}

/** Title Case, and kinds of saves in the plural: "iPhone X Reviews". */
function englishStyle(trueCase: TrueCase, nlp: typeof Tagger): Style {
  const tag = (word: string): { isNoun: boolean; isVerbOrName: boolean } => {
    const tagged = nlp(word)
    return {
      isNoun: !tagged.has('(#Adjective|#Adverb|#Value|#Date|#PastTense)'),
      isVerbOrName: !tagged.has('#Gerund') && tagged.has('(#FirstName|#PresentTense)'),
    }
  }
  const known = new Map<string, ReturnType<typeof tag>>()
  /** Ends in a noun, and is not a first name or a verb ("Weird", "Removed", "Ryan", "Sucks"). */
  const namesSubject = ({ key, isSubcategory }: Term): boolean => {
    // Subcategories and kinds of saves may look like one ("Dance", "Reviews").
    if (isSubcategory || KINDS.has(key)) return true
    const last = trueCase.title(key).split(' ').at(-1)!.toLowerCase()
    const { isNoun, isVerbOrName } = known.get(last) ?? tag(last)
    known.set(last, { isNoun, isVerbOrName })
    return isNoun && (key.includes(' ') || !isVerbOrName)
  }
  const written = (part: string): string => {
    const words = part.split(' ')
    const plural = KINDS.get(words.pop()!)
    if (!plural) return trueCase.title(part)
    return words.length > 0 ? `${trueCase.title(words.join(' '), true)} ${plural}` : plural
  }
  return {
    namesSubject,
    // A name may end in any word, as Tom Petty's does.
    isKeyword: term => term.key.includes(' ') || namesSubject(term),
    isKindOf: ({ key }, whole) =>
      key.startsWith(`${whole.key} `) && KINDS.has(key.slice(whole.key.length + 1)),
    label: (...terms) =>
      terms
        .flatMap(({ key }) => key.split(' & '))
        .map(written)
        .join(' & '),
  }
}

/** As the members write it, with a capital at its beginning. */
function foreignStyle(language: string, trueCase: TrueCase, titles: string[]): Style {
  const written = ({ key }: Term) => trueCase.asWritten(key, language)
  /** Neither begins nor ends in a verb. Subcategories are named in English. */
  const namesSubject = (term: Term): boolean => {
    if (term.isSubcategory) return false
    const words = term.key.split(' ').map(word => trueCase.asWritten(word, language).toLowerCase())
    return [words[0]!, words.at(-1)!].every(word => canBeNoun(word, language, titles))
  }
  return {
    namesSubject,
    isKeyword: namesSubject,
    isKindOf: () => false,
    label: (...terms) => capitalise(terms.map(written).join(' & '), language),
  }
}
