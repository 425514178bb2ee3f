/** The three forms of a date in HTTP (RFC 9110, section 5.6.7). All are in UTC; the last does not say so. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d{2}:\d{2}:\d{2}/

/**
 * Seconds that a `Retry-After` asks for (RFC 9110, section 10.2.3), from a number of them or from a date.
 * @param now in milliseconds since 1970
 * @returns undefined when it is neither, or has passed.
 */
export function readRetryAfter(value: string, now: number): number | undefined {
  const text = value.trim()
  const isDate = HTTP_DATE.test(text)
  if (!isDate && !/^\d+$/.test(text)) return undefined
  const seconds = isDate ? (Date.parse(text.replace(/(?: GMT)?$/, ' GMT')) - now) / 1000 : Number(text)
  return seconds > 0 ? seconds : undefined
}
