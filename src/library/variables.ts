import * as v from 'valibot'
import { list, variable, wholeNumber } from '../ground/variable.ts'
import { PLATFORMS, type PlatformName } from '../vocabulary.ts'

export const libraryVariables = {
  PLATFORMS: variable(
    'Whose links may be saved, separated by commas; web is any public page.',
    v.pipe(
      v.optional(list, 'youtube,instagram,web'),
      v.check(
        names => names.length > 0 && names.every(name => PLATFORMS.some(known => known === name)),
        `must be one or more of: ${PLATFORMS.join(', ')}, separated by commas`,
      ),
      v.transform(names => names as PlatformName[]),
    ),
  ),
  TRASH_DAYS: variable(
    'How many days what was removed lies in its user’s trash; 0: it is gone at once.',
    wholeNumber(30, 0, 365),
  ),
  SHARED_MIN_SAVERS: variable(
    'How many people must have saved a page of the web before others find it in searches of everything and as similar; never one whose address has a query or is private.',
    wholeNumber(2, 1, 1000),
  ),
}
