import type { Config } from '../../config/config.ts'
import type { Problem } from '../../ground/http/problem.ts'
import { invalidField } from '../../ground/http/problems.ts'
import type { PlatformName } from '../../vocabulary.ts'

const WORDS: Record<PlatformName, string> = {
  youtube: 'a YouTube video',
  instagram: 'an Instagram post',
  web: 'a public web page',
}

const whatIsAllowed = (platforms: PlatformName[]) =>
  `must be a link to ${new Intl.ListFormat('en', { type: 'disjunction' }).format(platforms.map(name => WORDS[name]))}`

const LOC = ['body', 'url']
const TYPE = 'supported_url'

export const unsupportedLink = invalidField(
  'Invalid URL format or unsupported platform',
  LOC,
  TYPE,
  whatIsAllowed(['youtube', 'instagram', 'web']),
)

/** The refusal of a link that is none, or that the configuration does not let anybody save: it says which it does. */
export const refusedLink = ({ PLATFORMS }: Pick<Config, 'PLATFORMS'>): Problem =>
  unsupportedLink({ field_errors: [{ loc: LOC, msg: whatIsAllowed(PLATFORMS), type: TYPE }] })
