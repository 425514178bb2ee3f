// Finds the links in what somebody pasted. Nothing here touches the page.

const LINK = /^(https?:\/\/|www\.)\S+|^[^\s/@]+\.[^\s/@]+\/\S*$/i

/** Where no space stands between words, a link begins behind any letter or mark of such a script. */
const BEFORE_LINK = /(?<=[^\s\x21-\x7e])(?=https?:\/\/)/gi
/** Marks that end a sentence there; inside of a link they are part of it. */
const BEHIND_LINK = /[，。、！？；：「」『』（）【】《》]+$/u

/**
 * Every link of a text, in its order. A line without one stands for itself, so that nothing is left out in silence; a text
 * without any is one thing, whatever it is.
 */
export function linksIn(text) {
  const lines = text
    .split(/[\r\n]+/)
    .map(line => line.trim())
    .filter(Boolean)
  const found = lines.flatMap(line => {
    const words = line.replace(BEFORE_LINK, ' ').split(/[,;]?\s+|[，、！？；]|[,;](?=https?:\/\/)/i)
    const links = words.map(word => word.replace(BEHIND_LINK, '')).filter(word => LINK.test(word))
    return links.length > 0 ? links : [line]
  })
  return found.some(it => LINK.test(it)) ? found : [text.trim()]
}
