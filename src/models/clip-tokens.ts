// Cuts text by the provider's tokens, with the o200k_base vocabulary. It costs 120 MB and 0.2 to 0.5 s to load, so
// it is loaded by the first text that may be too long.

type Tokenizer = typeof import('gpt-tokenizer/encoding/o200k_base')

/** The tokenizer takes quadratic time on text without spaces: 2.5 s for 20,000 Korean letters at once. */
const PIECE_LENGTH = 300
/** "<|endoftext|>" in a page is six letters and some signs. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() }

let loading: Promise<Tokenizer> | undefined

/**
 * The beginning of `text`, at most `limit` tokens long as far as counting piece by piece tells (some tokens too
 * many, never too few). The result is well-formed Unicode.
 */
export async function clipTokens(text: string, limit: number): Promise<string> {
  // A token is at least a byte, and a UTF-16 unit at most three.
  if (text.length * 3 <= limit) return text.toWellFormed()
  loading ??= import('gpt-tokenizer/encoding/o200k_base')
  const { encode, decode } = await loading
  let kept = ''
  let left = limit
  for (let from = 0; from < text.length && left > 0; ) {
    const piece = nextPiece(text, from)
    const tokens = encode(piece, AS_TEXT)
    // A letter that is cut in half becomes U+FFFD.
    kept += tokens.length <= left ? piece : decode(tokens.slice(0, left)).replace(/\ufffd+$/, '')
    left -= tokens.length
    from += piece.length
  }
  return kept.toWellFormed()
}

/** Up to a space where there is one, since words cut in two count as more tokens; never between two surrogates. */
function nextPiece(text: string, from: number): string {
  const piece = text.slice(from, from + PIECE_LENGTH)
  if (from + PIECE_LENGTH >= text.length) return piece
  const space = piece.lastIndexOf(' ')
  if (space > 0) return piece.slice(0, space)
  return /[\ud800-\udbff]$/.test(piece) ? piece.slice(0, -1) : piece
}
