import * as v from 'valibot'
import { hasNextTime } from '../ground/clock/cron-pattern.ts'
import { text, variable, wholeNumber } from '../ground/variable.ts'

export const clusteringVariables = {
  CLUSTER_SCHEDULE: variable(
    'When libraries that have changed are grouped again, as five cron fields: minute hour day month weekday, in UTC.',
    v.optional(
      v.pipe(
        text,
        v.check(
          pattern => pattern.split(/\s+/).length === 5 && hasNextTime(pattern),
          'must be a cron expression of five fields for a time that comes, such as 0 2 * * *',
        ),
      ),
      '0 2 * * *',
    ),
  ),
  CLUSTER_MIN_ITEMS: variable(
    'The fewest saves worth grouping, and how many new ones make a grouping due.',
    wholeNumber(5, 2, 1000),
  ),
}
