/**
 * Pairs rows with columns so that the sum of the weights is the largest there is, each row and each column used once.
 * Shortest augmenting paths with dual prices, in O(rows² × columns) (Jonker and Volgenant 1987, "A shortest augmenting
 * path algorithm for dense and sparse linear assignment problems"). The same weights give the same pairs.
 * @param weights a list of equal length for each row; 0 where row and column are no pair, never less
 * @returns the column of each row, or −1 for a row without one
 */
export function assignPairs(weights: number[][]): number[] {
  const rows = weights.length
  const columns = weights[0]?.length ?? 0
  // A column of nobody for each row, so that none has to take a pair that is none.
  const width = columns + rows
  const cost = (row: number, column: number) => (column < columns ? -weights[row]![column]! : 0)
  const rowPrice = new Float64Array(rows)
  const columnPrice = new Float64Array(width)
  const rowOf = new Int32Array(width).fill(-1)

  for (let start = 0; start < rows; start++) {
    const distance = new Float64Array(width).fill(Infinity)
    const before = new Int32Array(width).fill(-1)
    const isDone = new Uint8Array(width)
    let row = start
    let column = -1
    let reached = 0
    // Walk to the nearest free column; on the way a taken column leads to the row that holds it.
    do {
      let nearest = -1
      for (let next = 0; next < width; next++) {
        if (isDone[next]) continue
        const through = reached + cost(row, next) - rowPrice[row]! - columnPrice[next]!
        if (through < distance[next]!) {
          distance[next] = through
          before[next] = column
        }
        if (nearest < 0 || distance[next]! < distance[nearest]!) nearest = next
      }
      column = nearest
      reached = distance[column]!
      isDone[column] = 1
      row = rowOf[column]!
    } while (row >= 0)

    rowPrice[start]! += reached
    for (let done = 0; done < width; done++) {
      if (!isDone[done] || done === column) continue
      rowPrice[rowOf[done]!]! += reached - distance[done]!
      columnPrice[done]! -= reached - distance[done]!
    }
    // Every row on the way moves one column on.
    while (column >= 0) {
      const previous = before[column]!
      rowOf[column] = previous < 0 ? start : rowOf[previous]!
      column = previous
    }
  }

  const columnOf = Array<number>(rows).fill(-1)
  for (let column = 0; column < columns; column++) {
    const row = rowOf[column]!
    if (row >= 0 && weights[row]![column]! > 0) columnOf[row] = column
  }
  return columnOf
}
