// Whether a page had the model repeat another content of the same call. All that share a call are known to the same people
// today; but what is found out about a content is shown to whoever saves it tomorrow. Pure.
import type { Content } from './prompt.ts'
import type { Found } from './read-answer.ts'

/** So many letters in a row are no chance: "in the background" is one in a row too many, "recipes" is none. */
const RUN = 14
/** A letter of a script that writes words without spaces says about as much as three of an alphabet. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu

/** What a content says, to be compared: letters and digits alone. */
interface Said {
  letters: string
  runs: Set<string>
}

/**
 * Of each of `found`, an answer a content, whether it names a place or a name, or has a run of words, that another of
 * `contents` says and its own does not. What is put in other words is not noticed.
 */
export function findBorrowed(contents: Content[], found: (Found | undefined)[]): boolean[] {
  if (contents.length === 1) return [false]
  const said = contents.map(({ line }): Said => {
    const letters = lettersOf(Object.values<string>(JSON.parse(line)).join(' '))
    return { letters, runs: new Set(runsOf(letters)) }
  })
  return found.map((answer, at) => {
    if (!answer) return false
    const own = said[at]!
    const others = said.filter(other => other !== own)
    const { topic_main, subcategories, locations, entities, visual_description, visual_tags } = answer
    const texts = [topic_main, subcategories.join(' '), visual_description ?? '', visual_tags.join(' ')]
    const names = [...locations, ...entities].map(lettersOf).filter(name => name !== '')
    return (
      names.some(
        name => !own.letters.includes(name) && others.some(({ letters }) => letters.includes(name)),
      ) ||
      texts
        .flatMap(text => runsOf(lettersOf(text)))
        .some(run => !own.runs.has(run) && others.some(({ runs }) => runs.has(run)))
    )
  })
}

const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(DENSE, '$&$&$&')

const runsOf = (letters: string): string[] =>
  Array.from({ length: Math.max(0, letters.length - RUN + 1) }, (_, at) => letters.slice(at, at + RUN))
