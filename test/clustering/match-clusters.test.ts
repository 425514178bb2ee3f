import { describe, expect, test } from 'bun:test'
import { matchClusters } from '../../src/clustering/engine/match-clusters.ts'

const east = Float32Array.from([1, 0])
const west = Float32Array.from([-1, 0])
const north = Float32Array.from([0, 1])
const cluster = (members: string, centroid = east) => ({ members: members.split(''), centroid })
const old = (id: string, members: string, centroid = east) => ({ id, ...cluster(members, centroid) })

describe('a new run', () => {
  test('keeps the ids of the same groups in another order', () => {
    const previous = [old('one', 'abcd'), old('two', 'efgh', north)]
    expect(matchClusters(previous, [cluster('efgh', north), cluster('abcd')])).toEqual(['two', 'one'])
  })

  test('follows the members rather than the place', () => {
    const previous = [old('one', 'abcd', east), old('two', 'efgh', north)]
    expect(matchClusters(previous, [cluster('abcde', north), cluster('fgh', east)])).toEqual(['one', 'two'])
  })

  test('gives the id of a split group to its larger part, once', () => {
    expect(matchClusters([old('one', 'abcdefg')], [cluster('ab'), cluster('cdefg')])).toEqual([
      undefined,
      'one',
    ])
  })

  test('gives merged groups the id of the one that they mostly are', () => {
    const previous = [old('small', 'ab'), old('large', 'cdefg')]
    expect(matchClusters(previous, [cluster('abcdefg')])).toEqual(['large'])
  })

  test('keeps two ids where the best pair, taken first, would lose one', () => {
    // One and the first have five in common, the most of all; but then nothing would be left for two.
    const previous = [old('one', 'abcdefghij', north), old('two', 'klmn123456', east)]
    const next = [cluster('abcdeklmn7', east), cluster('fghiopqrst', north)]
    expect(matchClusters(previous, next)).toEqual(['two', 'one'])
  })

  test('keeps a group that is mostly the same, though two other pairs would add up to more', () => {
    // 0.4 alone against 0.43 twice.
    const previous = [old('one', 'abcdefg', north), old('two', 'hij', east)]
    const next = [cluster('abcdhij', west), cluster('efg', west)]
    expect(matchClusters(previous, next)).toEqual(['one', undefined])
  })

  test('finds a group whose members were all replaced by its centroid, not by one elsewhere', () => {
    const previous = [old('one', 'abc', east), old('two', 'def', north)]
    expect(matchClusters(previous, [cluster('xyz', north)])).toEqual(['two'])
    expect(matchClusters(previous, [cluster('xyz', Float32Array.from([0.7, 0.7]))])).toEqual([undefined])
  })

  test('does not take a stray common member for the same group', () => {
    const next = [cluster('auvwxyz', Float32Array.from([-1, 0]))]
    expect(matchClusters([old('one', 'abcdefg')], next)).toEqual([undefined])
  })

  test('does not compare centroids of two models', () => {
    expect(matchClusters([old('one', 'abc')], [cluster('xyz', Float32Array.from([1, 0, 0]))])).toEqual([
      undefined,
    ])
  })

  test('names nothing when there is nothing', () => {
    expect(matchClusters([], [cluster('ab')])).toEqual([undefined])
    expect(matchClusters([old('one', 'ab')], [])).toEqual([])
  })
})
