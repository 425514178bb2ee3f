// What follows `npm start --`, or the program itself.
import { VERSION } from '../ground/version.ts'

export type Wish = 'start' | 'check-config' | 'help' | 'version'

/** A word that means nothing here. */
export class UsageError extends Error {}

const WISHES: Record<string, Wish> = {
  '--check-config': 'check-config',
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
}

/**
 * What is wanted, by the words after the program.
 * @throws {UsageError} for any word that is not known: a start that passed it over would do something else.
 */
export function readCommandLine(words: string[]): Wish {
  const odd = words.find(word => !Object.hasOwn(WISHES, word))
  if (odd !== undefined) {
    throw new UsageError(`Trove does not know ${JSON.stringify(odd)}. What it knows:\n\n${HELP}`)
  }
  // Whoever asks for help wants nothing else to happen.
  const wishes = words.map(word => WISHES[word]!)
  return wishes.find(wish => wish === 'help') ?? wishes[0] ?? 'start'
}

export const HELP = `Trove ${VERSION}: saves links, reads and groups them, and finds more like them.

  npm start                      starts the server
  npm start -- --check-config    says what the configuration is, and starts nothing
  npm start -- --version         says which version this is
  npm start -- --help            says this

It is configured by variables of the environment, such as PORT and DATABASE_URL: .env.example lists them all, and
docs/configuration.md says which you will want first. It ends with 0 when it was stopped, 78 when the configuration is
wrong, 75 when something that it needs is held by another process, 64 when it was called wrongly, and else 1.
`
