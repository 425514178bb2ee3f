// Which words can be nouns, in languages for which no tagger is at hand: by how they end, how they are written, and what
// they stand behind. What no rule knows may be one.
import { clauses } from '../terms.ts'

/** How verbs and adverbs end: infinitives, gerunds, forms of instructions. */
const VERBS: Readonly<Record<string, RegExp>> = {
  be: /.[аяеіоуы]ць$|цца$/,
  ca: /..(?:ar|ir|ment)$/,
  es: /..(?:[aeií]r|[aei]r(?:se|lo|la|los|las)|mente|ando|iendo)$/,
  fr: /..(?:er|ir)$/,
  hi: /.(?:ें|एं|एँ|िए|िये)$/,
  hu: /..ni$/,
  it: /..(?:[aei]re|rre|[aei]r(?:si|lo|la|li|le)|mente|ando|endo)$/,
  ko: /.(?:하기|하는|되는|하다|한다|니다|세요|어요|아요|해요|네요|지만|려면|하면|으면|하게|까|는)$/,
  pl: /..[aeiyąuó]ć$|.[aeiyąuó]ć się$/,
  pt: /..(?:[aei]r|[aei]r-(?:se|lo|la)|mente|ando|endo|indo)$/,
  ru: /..(?:[аяеиоуы]ть|ться|тись|шься|тся|йся|лся|лась|лось|лись|(?<!п)ись)$/,
  sk: /..[aáeiíyý]ť$/,
  tr: /.(?:[ıiuü]l[ıiuü]r|[ae]n[ıiuü]r|m[ae]l[ıi]|[ıiuü]yor)$/,
  uk: /..(?:[аяеиоуі]ти|тися|тись)$/,
}

/** What stands before nouns alone: a word behind one is no infinitive, however it ends (il cellulare, в печать). */
const BEFORE_NOUNS: Readonly<Record<string, ReadonlySet<string>>> = {
  ca: words('el els la les un una del dels al als'),
  es: words('el la los las un una unos unas del este esta tu tus mi mis su sus'),
  fr: words('un une des du au aux ce cette mon ton son notre votre'),
  it: words(`il lo la i gli le un uno una del dello della dei degli delle al allo alla ai agli alle dal dallo dalla nel
    nello nella nei negli nelle sul sullo sulla sui sulle questo questa`),
  pl: words('w we na z ze do po o od dla bez przy'),
  pt: words('o os um uma do da dos das no na nos nas ao aos pelo pela este esta seu sua meu minha'),
  ru: words('в во на с со из к по о об от для без при'),
  sk: words('v vo na s so z zo do po o od pre bez pri'),
  uk: words('в у на з із до по про від для без при'),
  zh: words('的'),
}

/** What stands before verbs: not, the reflexive, the particle of an infinitive. A word behind one is mostly a verb. */
const BEFORE_VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  ar: words('لا لم لن'),
  bg: words('не да ще се'),
  ca: words('no es'),
  da: words('at man'),
  el: words('δεν δε να θα μην μη'),
  es: words('no se'),
  fa: words('نمی می'),
  fr: words('ne se'),
  he: words('לא'),
  hr: words('ne se'),
  hu: words('nem ne'),
  it: words('non si'),
  nl: words('te'),
  no: words('å man'),
  pl: words('nie'),
  pt: words('não se'),
  ro: words('nu să se'),
  ru: words('не'),
  sv: words('att man'),
  uk: words('не'),
  vi: words('không'),
  zh: words('不 没 没有 沒 沒有 怎么 怎麼 怎样 怎樣 如何 能 可以 会 會'),
}

/** What stands behind verbs and seldom behind nouns: an article, the reflexive. */
const BEHIND_VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  ca: words('el els les un una'),
  cs: words('se si'),
  da: words('en et dig'),
  el: words('ένας μια μία ένα'),
  es: words('el la los las un una'),
  fr: words('le la les un une'),
  it: words('il lo la i gli le un uno una'),
  nl: words('een het'),
  no: words('en et deg'),
  pl: words('się'),
  pt: words('o os um uma'),
  ro: words('un o să'),
  sk: words('sa si'),
  sv: words('en ett dig'),
}

/** Japanese verbs, adjectives and particles end in hiragana; few nouns do. */
const JAPANESE_NOUN = /[\p{sc=Han}\p{sc=Katakana}ー\p{sc=Latin}\d]$/u

/**
 * Whether a word may be a noun of a language.
 * @param word in lower case
 * @param language its code of ISO 639-1
 * @param titles where it is used
 */
export function canBeNoun(word: string, language: string, titles: string[]): boolean {
  if (language === 'ja') return JAPANESE_NOUN.test(word)
  if (language === 'de') return isCapitalised(word, titles)
  const uses = usesOf(word, titles)
  if (uses.some(({ before }) => BEFORE_NOUNS[language]?.has(before))) return true
  const stands = ({ before, behind }: Use) =>
    BEFORE_VERBS[language]?.has(before) || BEHIND_VERBS[language]?.has(behind)
  return !(VERBS[language]?.test(word) || uses.some(stands))
}

/** German writes nouns with a capital. One that only begins titles may be a noun. */
function isCapitalised(word: string, titles: string[]): boolean {
  const inside = usesOf(word, titles).filter(({ before }) => before !== '')
  const capitals = inside.filter(({ form }) => form !== word)
  return capitals.length >= inside.length / 2
}

/** A place where a word is used, and its neighbours in lower case, which are empty at the ends of a clause. */
interface Use {
  form: string
  before: string
  behind: string
}

function usesOf(word: string, titles: string[]): Use[] {
  const lower = (clause: string[], at: number) => clause[at]?.toLowerCase() ?? ''
  return titles
    .filter(title => title.toLowerCase().includes(word))
    .flatMap(clauses)
    .flatMap(clause =>
      clause.flatMap((form, at) =>
        form.toLowerCase() === word
          ? { form, before: lower(clause, at - 1), behind: lower(clause, at + 1) }
          : [],
      ),
    )
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}
