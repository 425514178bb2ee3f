import { expect, test } from 'bun:test'
import { splitWords } from '../../src/clustering/names/words/split-words.ts'

test('words are parted where a script has no spaces, and loan words in katakana stay whole', () => {
  expect(splitWords('なぜスマホの充電')).toEqual(['なぜ', 'スマホ', 'の', '充電'])
  expect(splitWords('北京旅游')).toEqual(['北京', '旅游'])
  expect(splitWords('วิธีทำขนมปัง')).toEqual(['วิธี', 'ทำ', 'ขนมปัง'])
})

test('an elided article is no part of a word, but of a name', () => {
  expect(splitWords("l'ordinateur d'occasion")).toEqual(['ordinateur', 'occasion'])
  expect(splitWords("dell'uva L'uva")).toEqual(['uva', 'uva'])
  expect(splitWords("O'Brien L'Oréal D'Angelo don't")).toEqual(["O'Brien", "L'Oréal", "D'Angelo", "don't"])
})

test('a Korean noun counts as one whatever its particle, and a short one keeps its last syllable', () => {
  expect(splitWords('부산에서 부산에 부산의 부산을')).toEqual(['부산', '부산', '부산', '부산'])
  expect(splitWords('회의 마을 아이들과')).toEqual(['회의', '마을', '아이들'])
})

test('other words are parted at spaces and hyphens alone', () => {
  expect(splitWords('time-lapse of Schwarzwälder Kirschtorten')).toEqual([
    'time',
    'lapse',
    'of',
    'Schwarzwälder',
    'Kirschtorten',
  ])
})
