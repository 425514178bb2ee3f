import { expect, test } from 'bun:test'
import { canBeNoun } from '../../src/clustering/names/words/nouns.ts'

test('an infinitive is no noun, unless an article says so', () => {
  expect(canBeNoun('cucinare', 'it', ['Cucinare il risotto'])).toBe(false)
  expect(canBeNoun('cellulare', 'it', ['Cellulare lento', 'Come pulire il cellulare'])).toBe(true)
  expect(canBeNoun('нарисовать', 'ru', ['Нарисовать кота'])).toBe(false)
  expect(canBeNoun('печать', 'ru', ['Отправить в печать'])).toBe(true)
})

test('what stands behind "not" or before an article is a verb', () => {
  expect(canBeNoun('parte', 'it', ['Il motore non parte'])).toBe(false)
  expect(canBeNoun('cuesta', 'es', ['Cuesta un millón'])).toBe(false)
  expect(canBeNoun('naucz', 'pl', ['Naucz się grać'])).toBe(false)
  expect(canBeNoun('pizza', 'it', ['Pizza: la migliore', 'Pizza che non si sgonfia'])).toBe(true)
})

test('a German noun is one that has its capital inside a sentence', () => {
  expect(canBeNoun('backen', 'de', ['Kuchen backen', 'Brot backen', 'Backen'])).toBe(false)
  expect(canBeNoun('kuchen', 'de', ['Der Kuchen', 'Kuchen backen'])).toBe(true)
  expect(canBeNoun('kuchen', 'de', ['Kuchen', 'Kuchen: ganz ohne Ei'])).toBe(true)
})

test('a Japanese verb or adjective ends in hiragana', () => {
  expect(['美味しい', '食べる', 'できない'].filter(word => canBeNoun(word, 'ja', []))).toEqual([])
  expect(['料理', 'ラーメン', 'docker'].filter(word => canBeNoun(word, 'ja', []))).toHaveLength(3)
})

test('what no rule knows may be a noun', () => {
  expect(canBeNoun('wasser', 'xx', [])).toBe(true)
})
