// A link, then a bare name such as example.com/page: share sheets put them into the note by themselves.
const LINKS = /https?:\/\/\S+|www\.\S+|(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/?#]\S*)?/giu
// Two letters, a letter with a vowel sign, or one character of a script that writes words with it.
const LETTERS = /\p{L}(?:\P{L}*\p{L}|\p{M})|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/** Whether a note has words: more than links, emoji, numbers, punctuation, or a single letter. */
export function saysSomething(note: string): boolean {
  return LETTERS.test(note.replace(LINKS, ' ').normalize('NFKC'))
}
