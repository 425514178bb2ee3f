const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/
const LONGEST = 100
const SECONDS = [604_800, 86_400, 3600, 60, 1]

/**
 * Reads an ISO 8601 duration such as `PT1H2M3S` as whole seconds.
 * @returns null when it is none. Years and months count as none, since they have no fixed length.
 */
export function isoDurationSeconds(text: string): number | null {
  const parts = DURATION.exec(text.slice(0, LONGEST).trim())?.slice(1)
  if (!parts || parts.every(part => part === undefined)) return null
  const seconds = parts.reduce(
    (sum, part, i) => sum + Number((part ?? '0').replace(',', '.')) * SECONDS[i]!,
    0,
  )
  return Math.round(seconds)
}
