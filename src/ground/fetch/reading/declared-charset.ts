/** Characters of a page that are searched. The declarations that browsers find late stand behind long scripts. */
const SEARCHED = 250_000

const MARKUP = /<(!--|[!/?]|[a-z][^\s/>]*)/gi
/** The next attribute of a tag. */
const ATTRIBUTE = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?/y
/** What stands between them is text, whatever it looks like. */
const RAW = /^(script|style|textarea|title|iframe|noembed|noframes|xmp)$/
const CHARSET = /charset\s*=\s*["']?\s*([^\s;"']+)/i
const XML = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)/i
const LONGEST_ATTRIBUTE = 1_000

/**
 * The first charset that a page declares and `isKnown`, in a `<meta charset>` or `<meta http-equiv=Content-Type>` (HTML,
 * 13.2.3.2): mostly in its first kilobyte, but browsers change to a later one, too. Else that of an XML declaration. Its
 * charset must write ASCII as ASCII does, which all but UTF-16 do. Takes time in proportion to the length.
 */
export function declaredCharset(page: Buffer, isKnown: (charset: string) => boolean): string | undefined {
  const text = page.toString('latin1', 0, SEARCHED)
  for (const attributes of metaTags(text)) {
    const found = attributes.get('charset') ?? ofContentType(attributes)
    if (found !== undefined && isKnown(found.trim())) return found.trim()
  }
  const xml = XML.exec(text.slice(0, LONGEST_ATTRIBUTE))?.[1]
  return xml !== undefined && isKnown(xml) ? xml : undefined
}

function ofContentType(attributes: Map<string, string>): string | undefined {
  const isType = attributes.get('http-equiv')?.trim().toLowerCase() === 'content-type'
  return isType ? CHARSET.exec(attributes.get('content') ?? '')?.[1] : undefined
}

function* metaTags(text: string): Generator<Map<string, string>> {
  let at = 0
  while (at >= 0) {
    MARKUP.lastIndex = at
    const found = MARKUP.exec(text)
    if (!found) return
    const name = found[1]!.toLowerCase()
    at = MARKUP.lastIndex
    if (name === '!--') at = after(text, '-->', at - 2)
    else if (/^[!/?]/.test(name)) at = after(text, '>', at)
    else {
      const [attributes, end] = attributesFrom(text, at)
      if (name === 'meta') yield attributes
      at = after(text, '>', end)
      if (at >= 0 && RAW.test(name)) at = endOfRaw(text, name, at)
    }
  }
}

function attributesFrom(text: string, start: number): [Map<string, string>, number] {
  const attributes = new Map<string, string>()
  let end = start
  for (;;) {
    ATTRIBUTE.lastIndex = end
    const found = ATTRIBUTE.exec(text)
    if (!found) return [attributes, end]
    const [, name = '', ...values] = found
    end = ATTRIBUTE.lastIndex
    const key = name.slice(0, LONGEST_ATTRIBUTE).toLowerCase()
    const value = values.find(each => each !== undefined) ?? ''
    if (!attributes.has(key)) attributes.set(key, value.slice(0, LONGEST_ATTRIBUTE))
  }
}

/** Where it goes on behind `mark`; -1 where there is none. */
function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? -1 : found + mark.length
}

function endOfRaw(text: string, name: string, from: number): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  end.lastIndex = from
  return end.exec(text)?.index ?? -1
}
