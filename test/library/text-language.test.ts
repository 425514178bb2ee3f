import { expect, test } from 'bun:test'
import { textLanguage } from '../../src/library/contents/text-language.ts'

test.each([
  ['How to bake sourdough bread at home without a machine', 'en'],
  ['Come fare gli gnocchi di patate in casa', 'it'],
  ['Hoe maak je een appeltaart zoals oma die maakte', 'nl'],
  ['Receita de bolo de cenoura com cobertura de chocolate', 'pt'],
  ['Wie man einen Apfelkuchen ohne Zucker backt', 'de'],
  ['東京の美味しいラーメン屋', 'ja'],
  ['كيف تتعلم البرمجة من الصفر', 'ar'],
  ['Docker', null],
  ['', null],
])('%p is in %p', async (text, language) => {
  expect(await textLanguage(text)).toBe(language)
})
