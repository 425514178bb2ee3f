import { variable, wholeNumber } from '../ground/variable.ts'

export const discoveryVariables = {
  INTERACTION_DAYS: variable(
    'For how many days it is kept what a user did with a content.',
    wholeNumber(365, 1, 3650),
  ),
}
