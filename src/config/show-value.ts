// The value of a variable as people are shown it.
import type { Config } from './config.ts'

const SECRET_PARAMETER = /key|token|password|secret/i
const MASK = '***'

/** @returns undefined for a variable that is not set and has no default */
export function showValue(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (name === 'RATE_LIMITS') {
    const limits = Object.entries(value as Config['RATE_LIMITS'])
    return limits.map(([limit, { quota, seconds }]) => `${limit}=${quota}/${seconds}s`).join(',')
  }
  if (name === 'MODEL_PRICES') {
    const prices = Object.entries(value as Config['MODEL_PRICES'])
    return prices.map(([model, { input, output }]) => `${model}=${input}/${output}`).join(',')
  }
  const text = Array.isArray(value) ? value.join(',') : String(value)
  return maskAddress(text)
}

/** An address without what may be secret in it: who signs in, and parameters that sound like it. */
function maskAddress(text: string): string {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return text
  const url = new URL(text)
  if (url.password) url.password = MASK
  // A token may stand for the name.
  else if (url.username && url.protocol.startsWith('http')) url.username = MASK
  for (const name of [...url.searchParams.keys()]) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, MASK)
  }
  return url.password || url.username || url.search ? url.href : text
}
