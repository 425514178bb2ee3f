import { describe, expect, test } from 'bun:test'
import { clusterType, describeCluster } from '../../src/clustering/names/describe-cluster.ts'
import { labelClusters } from '../../src/clustering/names/label-clusters.ts'
import type { ClusterDocument } from '../../src/clustering/names/terms.ts'
import { CATEGORIES } from '../../src/vocabulary.ts'

const document = (
  title: string,
  tags: string[] = [],
  more: Partial<ClusterDocument> = {},
): ClusterDocument => ({
  title,
  topic_main: null,
  tags,
  subcategories: [],
  author: null,
  category_high: null,
  ...more,
})

const phones = [
  document('iPhone X review: worth it?', ['iphone x', 'iphone x review', 'apple']),
  document('My iPhone X Review after a week', ['iphone x', 'review', 'smartphone']),
  document('iPhone X vs Galaxy S8 - FULL REVIEW', ['iphone x', 'galaxy s8', 'review']),
  document('The iPhone X, reviewed | Official Video HD', ['iphone x', 'review', '2017']),
]
const cooking = [
  document('Easy Chocolate Cake Recipe', ['chocolate cake', 'recipe', 'baking']),
  document('The Best Chocolate Cake You Will Ever Make', ['chocolate cake', 'baking', 'recipe']),
  document('3 Ingredient Chocolate Cake', ['chocolate cake recipe', 'dessert']),
]
const football = [
  document('NFL Week 3 Highlights', ['nfl', 'football', 'highlights']),
  document('Top NFL plays of Sunday', ['nfl', 'football', 'touchdown']),
  document('EVERY NFL TOUCHDOWN OF THE WEEK', ['nfl', 'highlights', 'football']),
]
const labelsOf = async (...groups: ClusterDocument[][]) =>
  (await labelClusters(groups)).map(({ label }) => label)

describe('a label', () => {
  test('is the phrase that the members share, with the kind of save they are', async () => {
    expect((await labelsOf(phones, cooking, football)).slice(0, 2)).toEqual([
      'iPhone X Reviews',
      'Chocolate Cake Recipes',
    ])
  })

  test('keeps the casing of names, and writes shouted titles like others', async () => {
    expect((await labelsOf(phones, football))[1]).toStartWith('NFL')
    const shouted = [document('MY CAVE HOUSE IDEAS'), document('A CAVE HOUSE'), document('DIY CAVE HOUSE')]
    expect((await labelsOf(shouted, phones))[0]).toBe('Cave House')
  })

  test('has no boilerplate, no stop word at its ends, no year, no video id', async () => {
    const group = Array.from({ length: 5 }, () =>
      document('The Official Video HD 2017 dQw4w9WgXcQ of the sourdough', [
        'new',
        'video',
        '2017',
        'dQw4w9WgXcQ',
      ]),
    )
    const [{ label, keywords }] = (await labelClusters([group, phones])) as [
      { label: string; keywords: string[] },
    ]
    expect(label).toBe('Sourdough')
    expect(keywords).toEqual(['Sourdough'])
  })

  test('has the words before the last in the singular, though most say the plural', async () => {
    const movies = [
      'Movies trailers',
      'Great movies: the trailer',
      'A movie trailer',
      'Trailer of two movies',
    ].map(title => document(title, ['movies', 'movie trailer']))
    expect((await labelsOf(movies, phones))[0]).toBe('Movie Trailers')
  })

  test('keeps what belongs together: a time lapse, and the initial in a name', async () => {
    const lapses = ['Time Lapse of snow', 'A time-lapse', 'Timelapse'].map(title => document(title))
    expect((await labelsOf(lapses, phones))[0]).toBe('Timelapse')
    const actor = ['Sterling K. Brown wins', 'Ask Sterling K. Brown', 'Dance of Sterling K. Brown'].map(
      title => document(title),
    )
    expect((await labelsOf(actor, phones))[0]).toBe('Sterling K Brown')
  })

  test('has no keyword that only describes', async () => {
    const loose = ['Creepy, spider', 'Spider! Creepy', 'Spider | Creepy'].map(title => document(title))
    expect((await labelClusters([loose, phones]))[0]!.keywords).toEqual(['Spider'])
  })

  test('names a channel only when the group is that channel', async () => {
    const by = (author: string, title: string) => document(`${title} | ${author}`, [author], { author })
    const mixed = [
      by('Tasty Kitchen', 'Ramen noodles at home'),
      by('Tasty Kitchen', 'Spicy ramen noodles'),
      by('Tasty Kitchen Extra', 'How ramen noodles are made'),
      by('Tasty Kitchen Extra', 'Ramen noodles in Osaka'),
    ]
    const channel = mixed.map(member => ({ ...member, author: 'Tasty Kitchen' }))
    const [named] = await labelClusters([mixed, phones])
    expect(named!.label).toBe('Ramen Noodles')
    expect(named!.keywords.join(' ')).not.toContain('Tasty')
    expect((await labelsOf(channel, phones))[0]).toBe('Tasty Kitchen')
  })

  test('does not name a show by most of the name of the channels that carry it', async () => {
    const group = ['Late Night with Seth Meyers', 'Seth Meyers Clips'].flatMap(author => [
      document('Seth Meyers | Monologue', [], { author }),
      document('A monologue from Seth Meyers', [], { author }),
    ])
    const [{ label, keywords }] = (await labelClusters([group, phones])) as [
      { label: string; keywords: string[] },
    ]
    expect(label).toBe('Monologues')
    expect(keywords.join(' ')).not.toContain('Seth Meyers')
  })

  test('does not take the boilerplate of one busy channel for the topic', async () => {
    const spam = Array.from({ length: 4 }, (_, at) =>
      document(`Yoga flow ${at}`, ['premium stretch club', 'yoga'], { author: 'Bendy' }),
    )
    const others = ['Mat', 'Om', 'Calm', 'Zen'].map(author => document('Morning yoga', ['yoga'], { author }))
    expect((await labelsOf([...spam, ...others], phones))[0]).toContain('Yoga')
    expect((await labelClusters([[...spam, ...others], phones]))[0]!.keywords.join(' ')).not.toContain(
      'Stretch',
    )
  })

  test('joins two terms that are said together when neither covers the group', async () => {
    const pets = [
      document('Cat falls asleep', ['cats']),
      document('Dog on a skateboard', ['dogs']),
      document('Cat and dog in a box', ['cats']),
      document('Dog at the beach', ['dogs']),
      document('Cat against cucumber', ['cats']),
      document('Parrot sings'),
      document('Hamster race'),
      document('Fish in a bowl'),
    ]
    expect((await labelsOf(pets, phones))[0]).toBe('Cats & Dogs')
    const apart = pets.map(pet => ({
      ...pet,
      title: pet.title!.replace(' and dog', '').replace('Parrot', 'Dog'),
    }))
    expect((await labelsOf(apart, phones))[0]).not.toContain('&')
  })

  test('speaks for half of the members, else it says what is mixed', async () => {
    const ofTwo = ['Libraries', 'Taxes', 'Prisons', 'Bullies', 'Wizard hats', 'Wizard robes'].map(title =>
      document(title, [], { category_high: 'Learning' }),
    )
    expect((await labelsOf(ofTwo, phones))[0]).toBe('Learning Mix')
    expect((await labelsOf(ofTwo.slice(2), phones))[0]).toBe('Learning Mix')
    expect((await labelsOf(ofTwo.slice(2).reverse(), phones))[0]).toBe('Wizard')
  })

  test('is none of the subcategories behind the third, which are guesses', async () => {
    const others = [
      'Opera',
      'Chess',
      'Tango',
      'Surfing',
      'Origami',
      'Volcanoes',
      'Beetles',
      'Rugby',
      'Quilts',
    ]
    const group = (before: number) =>
      ['Alpha', 'Beta', 'Gamma'].map((title, at) =>
        document(title, [], {
          subcategories: [...others.slice(3 * at, 3 * at + before), 'Astronomy'],
        }),
      )
    expect(await labelsOf(group(2))).toEqual(['Astronomy'])
    expect(await labelsOf(group(3))).toEqual(['Mixed Saves'])
  })

  test('is a subcategory as the model wrote it rather than a word of a few titles', async () => {
    const strays = ['Park for a stray cat', 'Stray cat in the park', 'A snake', 'Two whales'].map(title =>
      document(title, [], { subcategories: ['Pets & Animals'], category_high: 'Misc' }),
    )
    expect((await labelsOf(strays, phones))[0]).toBe('Pets & Animals')
  })

  test('is no verb and no first name, and neither is a keyword', async () => {
    const verb = ['Traffic sucks', 'School sucks', 'Rain sucks'].map(title => document(title))
    const name = ['Ryan sleeps', 'Ryan at sea', 'Hello, Ryan'].map(title => document(title))
    const labels = await labelClusters([verb, name, phones])
    expect(labels.slice(0, 2).map(({ label }) => label)).toEqual(['Mixed Saves', 'More Saves'])
    expect(labels.slice(0, 2).flatMap(({ keywords }) => keywords)).toEqual([])
  })

  test('has at most 32 letters', async () => {
    const long = ['Why', 'How', 'Where'].map(title =>
      document(`${title} administration requires infrastructure maintenance`, [], { category_high: 'Tech' }),
    )
    for (const { label } of await labelClusters([long, phones])) expect(label.length).toBeLessThanOrEqual(32)
  })

  test('says more of the same when the best one is taken', async () => {
    const sports = (titles: string[]) =>
      titles.map(title => document(title, [], { subcategories: ['Sports'] }))
    const [first, second] = await labelsOf(sports(['Goal', 'Match']), sports(['Ring', 'Belt']), phones)
    expect([first, second]).toEqual(['Sports', 'More Sports'])
  })

  test('is made for titles in other languages too', async () => {
    const borscht = ['Как приготовить борщ', 'Украинский борщ', 'Борщ за час'].map(title => document(title))
    const cooking = ['簡単', '夏', '家庭'].map(title => document(title, ['料理']))
    const tortilla = ['Receta de tortilla', 'La mejor tortilla', 'Tortilla para dos'].map(title =>
      document(title),
    )
    expect(await labelsOf(borscht, cooking, tortilla)).toEqual(['Борщ', '料理', 'Tortilla'])
  })

  test('is used once, whatever its case, and never that of a cluster that keeps its label', async () => {
    expect(new Set((await labelsOf(phones, phones, phones)).map(label => label.toLowerCase())).size).toBe(3)
    const [kept, made] = await labelClusters([cooking, phones], [], ['IPHONE X REVIEWS', undefined])
    expect(kept!.label).toBe('IPHONE X REVIEWS')
    expect(made!.label.toLowerCase()).not.toBe('iphone x reviews')
  })

  test('exists for members without a shared word, and for members without any', async () => {
    const strangers = [document('Quokka'), document('Zeppelin'), document('Marmalade')]
    const silent = Array.from({ length: 3 }, () => document('', [], { title: null, category_high: 'Tech' }))
    expect(await labelsOf(strangers, silent, silent)).toEqual(['Mixed Saves', 'Tech Mix', 'More Tech'])
  })
})

describe('a cluster type', () => {
  const ofCategory = (...categories: ClusterDocument['category_high'][]) =>
    clusterType(CATEGORIES.map(one => categories.filter(category => (category ?? 'Misc') === one).length))

  test('is the type of most members by the fixed map', async () => {
    expect(ofCategory('Food & Drink', 'Food & Drink', 'Tech')).toBe('Food')
    expect(ofCategory('Career', 'Learning', 'Tech')).toBe('Learning')
  })

  test('is Misc when no type has 40 % of the members, or none has a category', async () => {
    expect(ofCategory('Travel', 'Tech', 'Fitness')).toBe('Misc')
    expect(ofCategory('Travel', 'Travel', 'Tech', 'Fitness', 'Shopping')).toBe('Travel')
    expect(ofCategory(null, null, 'Tech')).toBe('Misc')
  })
})

test('a description is one plain sentence', async () => {
  expect(describeCluster('iPhone X Reviews', ['iPhone X', 'Apple', 'Face ID', 'Galaxy'], 'Tech', 12)).toBe(
    '12 saves about iPhone X Reviews, mostly Tech: Apple, Face ID and Galaxy.',
  )
  expect(describeCluster('Cats', [], 'Misc', 3)).toBe('3 saves about Cats.')
})
