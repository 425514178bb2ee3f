// Where the map puts things; a page's own script, but nothing of it needs a page.
import { describe, expect, test } from 'bun:test'

interface Point {
  x: number
  y: number
}
interface Group extends Point {
  id: string
  label: string
}
interface Box {
  left: number
  right: number
  top: number
  bottom: number
}
interface Layout {
  fit(points: Point[], least?: number): Point & { w: number; h: number }
  toPixels(point: Point, seen: Point & { w: number; h: number }, size: typeof SIZE): Point
  looksOf(groups: Group[]): Map<string, { colour: number; shape: string }>
  placeLabels(groups: Group[], size: typeof SIZE, widthOf: (text: string) => number): (Group & { box: Box })[]
  nearest<P extends Point>(points: P[], at: Point, most: number): P | undefined
  step<P extends Point>(key: string, rows: P[][], point: P): P | undefined
}

const SIZE = { width: 800, height: 500 }
const file = '../../src/web/library/files/map-layout.js'
const layout: Layout = await import(file)
const wave = (n: number) => Math.sin(n * 12.9898)
const groups = Array.from({ length: 30 }, (_, i) => ({
  ...{ id: `g${String(i).padStart(2, '0')}`, label: 'x'.repeat(5 + (i % 20)) },
  ...{ x: wave(i), y: wave(i + 0.5) },
}))

describe('the map', () => {
  test('is fitted to its points, whatever their measure', () => {
    const points = [
      { x: -0.2, y: 0.1 },
      { x: 0.4, y: 0.3 },
    ]
    const seen = layout.fit(points)
    const [low, high] = points.map(point => layout.toPixels(point, seen, SIZE))
    expect(low!.x).toBeCloseTo(30)
    expect(low!.y).toBeCloseTo(470)
    expect(high!.x).toBeCloseTo(770)
    expect(high!.y).toBeCloseTo(30)
  })

  test('one point alone is in the middle', () => {
    const point = { x: 1, y: 1 }
    const { x, y } = layout.toPixels(point, layout.fit([point]), SIZE)
    expect([Math.round(x), Math.round(y)]).toEqual([400, 250])
  })

  test('gives every group of 30 a look of its own, the same in any order', () => {
    const looks = layout.looksOf(groups)
    expect(new Set([...looks.values()].map(({ colour, shape }) => `${colour} ${shape}`)).size).toBe(30)
    const turned = layout.looksOf(groups.toReversed())
    for (const [id, look] of looks) expect(turned.get(id)).toEqual(look)
  })

  test('no label lies over another or leaves the picture', () => {
    const placed = groups.map(group => ({ ...group, x: 400 + group.x * 390, y: 250 + group.y * 240 }))
    const labels = layout.placeLabels(placed, SIZE, text => text.length * 8)
    expect(labels.length).toBeGreaterThan(10)
    for (const [i, { box: a }] of labels.entries()) {
      expect([a.left >= 0, a.right <= 800, a.top >= 0, a.bottom <= 500]).toEqual([true, true, true, true])
      for (const { box: b } of labels.slice(i + 1)) {
        expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false)
      }
    }
  })

  test('a label without a place is left out, the later before the earlier', () => {
    const crowd = groups.map(group => ({ ...group, x: 400, y: 250 }))
    const labels = layout.placeLabels(crowd, SIZE, () => 300)
    expect(labels.length).toBeLessThan(30)
    expect(labels[0]!.id).toBe('g00')
  })

  test('finds the nearest point, but none that is farther than the reach', () => {
    const points = [
      { x: 10, y: 10 },
      { x: 14, y: 10 },
    ]
    expect(layout.nearest(points, { x: 13, y: 10 }, 5)).toBe(points[1]!)
    expect(layout.nearest(points, { x: 30, y: 10 }, 5)).toBeUndefined()
  })

  test('keys lead through a group and round, and to the groups beside it', () => {
    const [a, b, c] = [1, 2, 3].map(x => ({ x, y: 0 }))
    const rows = [[a!, b!], [c!]]
    expect(layout.step('ArrowRight', rows, a!)).toBe(b!)
    expect(layout.step('ArrowRight', rows, b!)).toBe(a!)
    expect(layout.step('ArrowLeft', rows, a!)).toBe(b!)
    expect(layout.step('End', rows, a!)).toBe(b!)
    expect(layout.step('ArrowDown', rows, b!)).toBe(c!)
    expect(layout.step('ArrowDown', rows, c!)).toBe(a!)
    expect(layout.step('ArrowUp', rows, a!)).toBe(c!)
    expect(layout.step('x', rows, a!)).toBeUndefined()
  })
})
