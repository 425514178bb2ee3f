import { expect, test } from 'bun:test'
import { v7 as uuidv7 } from 'uuid'
import { seededRandom } from '../../src/clustering/engine/kmeans/seeded-random.ts'
import { drawLots, lotOf } from '../../src/clustering/map/draw-lots.ts'

const random = seededRandom(3)
const START = Date.UTC(2026, 0, 1)
const idsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256))
    return uuidv7({ msecs: START + (first + i) * 1000, random: bytes })
  })

const sampleOf = (ids: string[]) => Array.from(drawLots(Float64Array.from(ids, lotOf)), row => ids[row]!)

test('of many saves the map draws a thousand of all times, and new ones take the place of few', () => {
  const saves = idsFrom(0, 4000)
  const sample = sampleOf(saves)
  expect(new Set(sample).size).toBe(1000)
  const old = new Set(saves.slice(0, 2000))
  const fromFirstHalf = sample.filter(id => old.has(id)).length
  expect(fromFirstHalf).toBeGreaterThan(400)
  expect(fromFirstHalf).toBeLessThan(600)

  const later = new Set(sampleOf([...saves, ...idsFrom(4000, 400)]))
  expect(sample.filter(id => later.has(id)).length).toBeGreaterThan(850)
})

test('of few saves it draws all', () => {
  const saves = idsFrom(0, 12)
  expect(sampleOf(saves).toSorted()).toEqual(saves)
})
