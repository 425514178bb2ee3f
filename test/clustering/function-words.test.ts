import { expect, test } from 'bun:test'
import { functionWords, tellingWords } from '../../src/clustering/names/words/function-words.ts'
import { STOP_WORDS } from '../../src/clustering/names/words/stop-words.ts'

test('the function words of the twenty largest languages are known', () => {
  const some = {
    ar: 'في',
    bn: 'এবং',
    de: 'und',
    es: 'pero',
    fa: 'است',
    fr: 'avec',
    hi: 'और',
    id: 'yang',
    it: 'perché',
    ja: 'です',
    ko: '그리고',
    mr: 'आणि',
    pa: 'ਅਤੇ',
    pt: 'não',
    ru: 'что',
    ta: 'மற்றும்',
    te: 'మరియు',
    tr: 'için',
    ur: 'اور',
    vi: 'không',
    zh: '的',
  }
  for (const [code, word] of Object.entries(some)) {
    expect([code, functionWords([code]).has(word)]).toEqual([code, true])
    // Tags are English everywhere.
    expect(functionWords([code]).has('the')).toBe(true)
  }
})

test('English has a list of its own, and no words of the others', () => {
  expect(functionWords(['en'])).toBe(STOP_WORDS)
})

test('months and days of the week name nothing, in each of their forms', () => {
  const italian = functionWords(['it'])
  expect(['gennaio', 'dicembre', 'lunedì', 'domenica'].filter(word => !italian.has(word))).toEqual([])
  const russian = functionWords(['ru'])
  expect(['январь', 'января', 'понедельник'].filter(word => !russian.has(word))).toEqual([])
})

test('a language that is easily taken for another has the words of both', () => {
  expect(functionWords(['ms']).has('yang')).toBe(true)
  expect(functionWords(['no']).has('hvad')).toBe(true)
})

test('English is told by function words that no other language has', () => {
  const { english, foreign } = tellingWords()
  expect(['the', 'how', 'with'].filter(word => !english.has(word))).toEqual([])
  expect(['come', 'in', 'me'].filter(word => english.has(word))).toEqual([])
  expect(['perché', 'não', 'niet'].filter(word => !foreign.has(word))).toEqual([])
  expect(['the', 'dog', 'cat', 'video'].filter(word => foreign.has(word))).toEqual([])
})
