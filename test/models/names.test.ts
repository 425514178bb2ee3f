import { describe, expect, test } from 'bun:test'
import type { AnalysisInput } from '../../src/models/analysis.ts'
import { findNames } from '../../src/models/local/names.ts'
import { inputOf } from './inputs.ts'

const names = (title: string, rest: Partial<AnalysisInput> = {}) => findNames(inputOf(title, rest))

describe('locations', () => {
  test.each([
    ['Best cafe in Indiranagar, Bangalore', ['Indiranagar', 'Bangalore']],
    ['DEEP CHINESE STREET FOOD TOUR IN SICHUAN, CHINA', ['Sichuan', 'China']],
    ['Microsoft opens an office in Seattle', ['Seattle']],
    ['How to solve an equation', []],
  ])('in %p are %p', (title, expected) => {
    expect(names(title).locations).toEqual(expected)
  })

  test('are found in description and tags too, each once whatever its case', () => {
    const { locations } = names('A week in Paris', {
      description: 'We flew from New York to PARIS.',
      tags: ['paris', 'france', 'spain fans celebrate'],
    })
    expect(locations).toEqual(['Paris', 'New York', 'France'])
  })
})

describe('entities', () => {
  test.each([
    ['Jimmy Kimmel Talks to Kristen Bell in Orlando', ['Jimmy Kimmel', 'Kristen Bell']],
    ["TAYLOR SWIFT'S NEW SONG", ['Taylor Swift']],
    ['Microsoft and Google sign a contract', ['Microsoft', 'Google']],
    ['Russell Wilson Goes Undercover!', ['Russell Wilson']],
    ['easy chocolate cake', []],
  ])('in %p are %p', (title, expected) => {
    expect(names(title).entities).toEqual(expected)
  })

  test('come from a tag only when the tag is a name as a whole', () => {
    const { entities } = names('Tribute to Tom Petty', {
      tags: ['tom petty', 'tom petty death', 'steve', 'Bill Gates'],
    })
    expect(entities).toEqual(['Tom Petty', 'Bill Gates'])
  })

  test('are ten at most, without hashtags, links or punctuation at their ends', () => {
    const people =
      'Bill Gates, Steve Jobs, Tim Cook, Larry Page, Elon Musk, Jeff Bezos, Mark Twain, John Lennon, Paul Simon, George Harrison, Mary Shelley, Jane Austen'
    const { entities } = names(`#fyp ${people}!!! https://example.com`)
    expect(entities).toHaveLength(10)
    for (const name of entities) expect(name).toMatch(/^[A-Z][\w ]+\w$/)
  })
})
