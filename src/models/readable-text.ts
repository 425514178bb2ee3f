// Makes what people shout into what people read. Pure.

/** Written in capitals by everybody. */
const ACRONYMS = new Set(
  (
    'AI API ASMR BBC BTS CBS CEO CNN CPU CSS DIY DJ DNA EDM ESPN EU FAQ FBI FIFA GPU HBO HIIT HTML IKEA IMAX IPO ' +
    'LED LEGO LGBT MLB MMA MTV NASA NBA NBC NFL NHL NJ NY NYC PC PSA RPG SUV SQL TED TV UAE UFC UFO UI UK UN US ' +
    'USA USB UX VFX VR WWE WWII'
  ).split(' '),
)
/** Words as well, so only capitals make them acronyms. */
const ALSO_WORDS = new Set(['LED', 'TED', 'US', 'UN'])
const SMALL_WORDS = new Set('a an and as at but by for from in into of on or the to vs with'.split(' '))
const SHOUTED_SHARE = 0.6
/** Shouted words in a calm title, one of them of five letters or more, since shorter ones may be acronyms. */
const SHOUTED_WORDS =
  /(?<![\p{L}\p{N}])(?:\p{Lu}[\p{Lu}'’]+ )*\p{Lu}[\p{Lu}'’]{4,}(?: \p{Lu}[\p{Lu}'’]+)*(?![\p{L}\p{N}])/gu

/** Text without emojis, links, mentions, invisible characters and runs of space; hashtags become words or go. */
export function plainText(text: string, hashtags: 'drop' | 'keep words' = 'drop'): string {
  return text
    .replace(/[™®©℠]/g, '')
    .normalize('NFKC')
    .replace(/https?:\/\/\S+|www\.\S+/gi, ' ')
    .replace(/#([\p{L}\p{N}_]+)/gu, (_, tag: string) => (hashtags === 'drop' ? ' ' : ` ${tagWords(tag)}`))
    .replace(/(?<![\p{L}\p{N}])@[\w.]+/gu, ' ')
    .replace(/[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Cf}\p{Co}\p{Cs}]|\u20e3|\ufe0f/gu, ' ')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
}

/** `streetFood_tour` as "street Food tour". */
const tagWords = (tag: string): string =>
  tag.replace(/_/g, ' ').replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')

/** A title in capitals becomes title case; shouted words of a calm one are calmed. Acronyms stay. */
export function calmCase(text: string): string {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0
  if (capitals > 4 && capitals / letters > SHOUTED_SHARE) return titleCase(text)
  return text.replace(SHOUTED_WORDS, titleCase)
}

/** "THE BEST OF NEW YORK" and "the best of new york" as "The Best of New York". */
export function titleCase(text: string): string {
  let isFirst = true
  return text.replace(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu, word => {
    const staysSmall = !isFirst && SMALL_WORDS.has(word.toLowerCase())
    isFirst = false
    if (staysSmall) return word.toLowerCase()
    return isAcronym(word) ? word.toUpperCase() : capitalised(word)
  })
}

function isAcronym(word: string): boolean {
  const capitals = word.toUpperCase()
  if (word === capitals && /^[B-DF-HJ-NP-TV-XZ]{4,}$/.test(word)) return true
  return ACRONYMS.has(capitals) && (word === capitals || !ALSO_WORDS.has(capitals))
}

const capitalised = (word: string): string => {
  const [first = '', ...rest] = word
  return first.toUpperCase() + rest.join('').toLowerCase()
}
