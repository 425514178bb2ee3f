/** Characters of one date, and dates that are looked at. */
const LONGEST = 100
const MOST = 20

/** ISO 8601 as pages write it: with or without dashes, time and zone, and a blank instead of the T. */
const ISO =
  /^([1-9]\d{3})([-/]?)(\d{2})\2(\d{2})(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT)?([+-]\d{2}(?::?\d{2})?)?)?$/i
/** What tells the zone at the end of a date in words: a name, or an offset behind a time. */
const ZONE =
  /\b(?:z|utc?|gmt|[ecmp][sd]t)(?:\s*\([^()]*\))?$|:\d{2}(?:\s*[ap]m)?\s*(?:utc|gmt)?\s*[+-]\d{1,2}:?\d{2}(?:\s*\([^()]*\))?$/i
const YEAR = /\b[1-9]\d{3}\b/

/** Years outside are nonsense here: 0001 is what programs write for none, and ISO 8601 writes later ones in another form. */
const [EARLIEST, LATEST] = [Date.UTC(1000, 0), Date.UTC(10_000, 0)]

/** The first of `texts` that is a date, as ISO 8601 in UTC with milliseconds. Where it names no zone it is read as UTC. */
export function firstInstant(texts: (string | null | undefined)[]): string | null {
  for (const text of texts.slice(0, MOST)) {
    const time = parse((text ?? '').trim().slice(0, LONGEST))
    if (time >= EARLIEST && time < LATEST) return new Date(time).toISOString()
  }
  return null
}

/** Milliseconds since 1970, or NaN. The runtimes' own reading would depend on the server's zone. */
function parse(text: string): number {
  const iso = ISO.exec(text)
  if (iso) return fromParts(iso)
  if (!YEAR.test(text)) return Number.NaN
  // A year or a month alone is UTC by itself.
  return Date.parse(/^[\d-]+$/.test(text) || ZONE.test(text) ? text : `${text} UTC`)
}

function fromParts([
  ,
  year,
  ,
  month,
  day,
  hour = '0',
  minute = '0',
  second = '0',
  part = '0',
  ,
  offset,
]: string[]): number {
  const [y, mon, d, h, min] = [year, month, day, hour, minute].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  // A leap second is the next one.
  const date = new Date(Date.UTC(y, mon - 1, d))
  if (date.getUTCMonth() !== mon - 1 || date.getUTCDate() !== d) return Number.NaN
  if (h > 24 || min > 59 || Number(second) > 60) return Number.NaN
  const time = date.getTime() + ((h * 60 + min) * 60 + Number(`${second}.${part}`)) * 1000
  return Math.floor(time) - (offset ? offsetMs(offset) : 0)
}

function offsetMs(offset: string): number {
  const digits = offset.replace(/\D/g, '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (offset.startsWith('-') ? -1 : 1) * minutes * 60_000
}
