import type { Config } from '../../config.ts'
import { Problem } from '../../errors.ts'
import type { PlatformName } from '../../vocabulary.ts'

const WORDS: Record<PlatformName, string> = {
  youtube: 'a YouTube video',
  instagram: 'an Instagram post',
  web: 'a public web page',
}

/** The refusal of a link that is none, or that the configuration does not let anybody save: it says which it does. */
export function refusedLink({ PLATFORMS }: Pick<Config, 'PLATFORMS'>): Problem {
  const detail = 'Invalid URL format or unsupported platform'
  const allowed = new Intl.ListFormat('en', { type: 'disjunction' }).format(
    PLATFORMS.map(name => WORDS[name]),
  )
  const msg = `must be a link to ${allowed}`
  return new Problem(422, 'VALIDATION_ERROR', detail, {
    field_errors: [{ loc: ['body', 'url'], msg, type: 'supported_url' }],
  })
}
