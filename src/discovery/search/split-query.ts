// Pieces of a query, each to be found as it stands: sql/0015_search.sql splits them further as it splits texts.

/** A query of 500 characters has more words than tell anything. */
const MOST_PIECES = 32
/** What stands between words. Dots, hyphens and the like are kept: the parts of `v1.2.3` or `e-mail` belong together. */
const BETWEEN = /[\s\p{Z}\p{Cc}\p{Ps}\p{Pe}\p{Pi}\p{Pf}/\\,;|&!?<>=*"、。・，；！？]+/u
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}`
/** Runs of scripts that put no spaces between words, and all else. */
const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, 'gu')
const IS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'u')
/** A particle by itself is in nearly every Japanese text. */
const PARTICLE = /^\p{Script=Hiragana}$/u

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' })

/** The words of `q` where people see words, each once, at most 32. */
export function splitQuery(q: string): string[] {
  const pieces = q
    .normalize('NFKC')
    .split(BETWEEN)
    .flatMap(piece => piece.match(RUNS) ?? [])
    .flatMap(piece => (IS_UNSPACED.test(piece) ? segment(piece) : [piece]))
  return [...new Set(pieces)].slice(0, MOST_PIECES)
}

function segment(run: string): string[] {
  const words = [...segmenter.segment(run)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment)
  const telling = words.filter(word => !PARTICLE.test(word))
  return telling.length > 0 ? telling : [run]
}
