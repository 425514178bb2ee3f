import * as v from 'valibot'
import { atMost, StorableText } from '../../ground/http/schemas.ts'
import { parseQuery, QueryFault } from './parse-query.ts'

/** Whether a text is a search that `parseQuery` takes. */
export const isQuery = <Text extends string | null>() =>
  v.check<Text, (issue: v.CheckIssue<Text>) => string>(
    text => faultOf(text) === undefined,
    ({ input }) => faultOf(input) ?? '',
  )

/** A search as somebody types it, of at most so many characters. */
export const queryText = (most: number) => v.pipe(StorableText, atMost(most), isQuery<string>())

function faultOf(text: string | null): string | undefined {
  try {
    parseQuery(text ?? '')
  } catch (error) {
    if (error instanceof QueryFault) return error.message
    throw error
  }
}
