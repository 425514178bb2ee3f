// Finds the links in what somebody pasted. Nothing here touches the page.

const LINK = /^(https?:\/\/|www\.)\S+|^[^\s/@]+\.[^\s/@]+\/\S*$/i

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
    const links = line.split(/[,;]?\s+|[,;](?=https?:\/\/)/i).filter(word => LINK.test(word))
    return links.length > 0 ? links : [line]
  })
  return found.some(it => LINK.test(it)) ? found : [text.trim()]
}
