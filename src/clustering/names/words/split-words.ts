// Words of scripts and languages that do not part them by spaces.

/** Scripts that write without spaces; the mark that lengthens a vowel belongs to Japanese. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const IN_KATAKANA = /^[\p{sc=Katakana}ー]+$/u
/** Articles and prepositions of French, Italian and Catalan before a vowel: l'ordinateur, dell'uva; not O'Brien, L'Oréal. */
const ELIDED =
  /^(?:l|d|dell|all|nell|sull|dall|un|quest|quell)'(?=\p{L})|^(?:L|D|Dell|All|Nell|Sull|Dall|Un)'(?=\p{Ll})/u
/** Particles behind a Korean noun of two syllables or more; not those that nouns end in as well, but behind a plural. */
const KOREAN_PARTICLE =
  /(?<=\p{sc=Hangul}{2})(?:에서는|에서|에는|에게|에|으로는|으로|까지|부터|처럼|을|를|은|의|(?<=들)(?:과|이|도))$/u

/** Without an apostrophe, and before Thai in the table of Unicode: nothing to look for, which is quickly said. */
const IS_PLAIN = /^[^'\u{e00}-\u{10ffff}]*$/u

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Whether words of this text stand next to each other without a space. */
export const isUnspaced = (text: string): boolean => UNSPACED.test(text)

/**
 * The words of a clause: where a script has no spaces, as the dictionaries of Unicode part it; elsewhere between spaces
 * and hyphens, without an elided article or a particle.
 */
export function splitWords(clause: string): string[] {
  const pieces = clause.split(/[\s-]+/)
  if (IS_PLAIN.test(clause)) return pieces
  return pieces.flatMap(piece =>
    isUnspaced(piece)
      ? joinKatakana([...segmenter.segment(piece)])
      : piece.replace(ELIDED, '').replace(KOREAN_PARTICLE, ''),
  )
}

/** The dictionaries do not know every loan word: スマ ホ is one. */
function joinKatakana(segments: Intl.SegmentData[]): string[] {
  const words: string[] = []
  let before: string | undefined
  for (const { segment, isWordLike } of segments) {
    if (!isWordLike) before = undefined
    else if (before && IN_KATAKANA.test(before) && IN_KATAKANA.test(segment)) {
      before += segment
      words[words.length - 1] = before
    } else {
      before = segment
      words.push(segment)
    }
  }
  return words
}
