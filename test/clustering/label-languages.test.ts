import { describe, expect, test } from 'bun:test'
import { labelClusters } from '../../src/clustering/names/label-clusters.ts'
import type { ClusterDocument } from '../../src/clustering/names/terms.ts'
import { languagesOf } from '../../src/clustering/names/words/detect-language.ts'
import { SUBJECTS, TITLES } from './titles-by-language.ts'

const documents = (titles: string[], more: Partial<ClusterDocument> = {}): ClusterDocument[] =>
  titles.map(title => ({
    title,
    topic_main: null,
    tags: [],
    subcategories: [],
    author: null,
    category_high: null,
    ...more,
  }))
const labelsOf = async (...groups: ClusterDocument[][]) =>
  (await labelClusters(groups)).map(({ label }) => label)

describe('labels and keywords name no function word, no verb of instructions and no praise', () => {
  test.each(Object.entries(TITLES))('%s', async (_, { cooking, travel, trouble, namesNothing }) => {
    const nothing = new Set(namesNothing.split(/\s+/))
    const groups = [cooking, travel, trouble, [...cooking, ...travel, ...trouble]].map(titles =>
      documents(titles),
    )
    // Together, with all of them mixed, and alone.
    for (const library of [groups, ...groups.map(one => [one])]) {
      for (const said of (await labelClusters(library)).flatMap(({ label, keywords }) => [
        label,
        ...keywords,
      ])) {
        const words = said.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
        expect(words.filter(word => nothing.has(word))).toEqual([])
      }
    }
  })
})

describe('a label is the subject that the members share, spelled as their language spells it', () => {
  test.each(Object.entries(SUBJECTS))('%s', async (code, subjects) => {
    const { cooking, travel, trouble } = TITLES[code] ?? { cooking: [], travel: [], trouble: [] }
    const groups = [...Object.values(subjects), cooking, travel, trouble].filter(titles => titles.length > 0)
    const labels = await labelsOf(...groups.map(titles => documents(titles)))
    expect(labels.slice(0, Object.keys(subjects).length)).toEqual(Object.keys(subjects))
  })
})

describe('a label is in the language of most members', () => {
  const english = [
    'How to make the pizza at home',
    'Why the pizza from Naples is so good',
    'The best pizza in the whole world',
    'What to do with the rest of a pizza',
  ]
  const italian = [
    'Come fare la pizza con il lievito madre',
    'Perché la pizza napoletana non si sgonfia',
    'Dove mangiare la pizza quando fa caldo',
    'Cosa mettere sulla pizza che tutti amano',
  ]

  test('which is that of more than half of them', async () => {
    expect((await languagesOf([[...italian, ...english.slice(0, 2)]]))[0]![0]).toBe('it')
    expect((await languagesOf([[...english, ...italian.slice(0, 2)]]))[0]![0]).toBe('en')
  })

  test('or that of the library, where a group does not tell', async () => {
    expect((await languagesOf([italian, ['Pizza', 'Lasagne', 'Gelato']])).map(([first]) => first)).toEqual([
      'it',
      'it',
    ])
    expect(await languagesOf([['Pizza', 'Lasagne', 'Gelato']])).toEqual([['en']])
  })

  test('or that of the library, where no language has more than half', async () => {
    const spanish = ['Cómo hacer pan casero sin amasar', 'Por qué la pizza no sube en casa']
    const [, mixed] = await languagesOf([italian, [...spanish, ...italian.slice(0, 2)]])
    expect(mixed).toEqual(['it', 'es', 'it'])
  })

  test('and never of function words of the others', async () => {
    expect(await labelsOf(documents([...english, ...italian]))).toEqual(['Pizza'])
    expect((await languagesOf([[...english, ...italian.slice(1)]]))[0]).toEqual(['en', 'en', 'it'])
    const why = italian.map((_, at) => `Perché il numero ${at} non si vede più`)
    const [named] = await labelClusters([documents([...english, english[0]!, ...why])])
    expect(named!.label).toBe('Pizza')
    expect(named!.keywords).not.toContain('Perché')
  })

  test('so what the analyser calls them in English names no group of other languages', async () => {
    const more: Partial<ClusterDocument> = { subcategories: ['Cafes'], category_high: 'Food & Drink' }
    expect(await labelsOf(documents(TITLES.it!.cooking, more))).toEqual(['Food & Drink Mix'])
    expect(await labelsOf(documents(['A', 'B', 'C'], more))).toEqual(['Cafes'])
  })
})

describe('a word keeps the case that it has inside a sentence', () => {
  test('so the second half of a pair of Italian nouns is small, and of German ones is not', async () => {
    const [italian] = await labelsOf(
      documents([
        'Perché il vino va con il formaggio',
        'Vino rosso: come conservarlo in casa',
        'Formaggio di capra: dove comprarlo',
        'Come lavare le pentole di rame',
        'Vino: quando non va bevuto',
        'Formaggio duro: come tagliarlo',
        'Perché la farina fa i grumi',
        'Cosa mettere sul tavolo',
      ]),
    )
    expect(italian).toMatch(/^(Vino & formaggio|Formaggio & vino)$/)
    const [german] = await labelsOf(
      documents([
        'Warum der Wein zum Käse passt',
        'Wie man den Wein richtig lagert',
        'Wo man den Käse kaufen soll',
        'Wie man einen Topf reinigt',
        'Wann man den Wein nicht trinkt',
        'Wie man den Käse schneidet',
        'Warum das Mehl klumpt',
        'Was auf den Tisch kommt',
      ]),
    )
    expect(german).toMatch(/^(Wein & Käse|Käse & Wein)$/)
  })

  test('and begins with the capital of its language: Turkish has two', async () => {
    const fig = ['Evde incir reçeli', 'Annemin incir reçeli', 'Şekersiz incir reçeli nasıl yapılır']
    expect(await labelsOf(documents(fig))).toEqual(['İncir reçeli'])
    const good = [
      'İyi bir doktor nasıl bulunur',
      'İyi bir okul nasıl seçilir',
      'İyi bir uyku için ne gerekir',
    ]
    expect(await labelsOf(documents(good))).toEqual(['Mixed Saves'])
  })
})
