// How hard a password is to guess, by zxcvbn with its English dictionaries. They take half a second to load and 60 MB, so
// this belongs into a thread: strength.ts starts it.
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as english from '@zxcvbn-ts/language-en'

/**
 * Its time grows with the square of the length, and with the number of ways in which l33t may be read: all of 128 characters
 * take half a second, these 30 ms. What is easy to guess so far is not made good by more.
 */
const LONGEST_READ = 48
const SPELLINGS_MOST = 20
const COMMONEST = 3000

export interface Estimate {
  /** From 0, guessed at once, to 4. */
  score: number
  /** Whether it is one of those that are tried first. */
  is_common: boolean
  /** What would make it better, in sentences. */
  feedback: string[]
}

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations,
  maxLength: LONGEST_READ,
  l33tMaxSubstitutions: SPELLINGS_MOST,
})

/** The list is in the order of frequency, and in lower case. */
const commonest = new Set<string>(common.dictionary['passwords-common'].slice(0, COMMONEST))

/** @param personal what who guesses knows of the person, such as the email */
export function estimate(password: string, personal: string[]): Estimate {
  const { score, feedback } = zxcvbn.check(password, personal)
  return {
    score,
    is_common: commonest.has(password.toLowerCase()),
    feedback: [feedback.warning, ...feedback.suggestions].filter(sentence => typeof sentence === 'string'),
  }
}
