type Row = Record<string, unknown>

/**
 * Makes `{save: {id}, content: {id}}` of rows whose columns are named "save.id" and "content.id"; a column without a
 * group stays as it is. All rows have the columns of the first: names are taken apart once, since a page of rows has
 * five hundred of them.
 */
export function nestRows<Result>(rows: readonly Row[]): Result[] {
  const columns = Object.keys(rows[0] ?? {}).map(name => {
    const dot = name.indexOf('.')
    return { name, group: dot < 0 ? undefined : name.slice(0, dot), field: name.slice(dot + 1) }
  })
  return rows.map(row => {
    const nested: Row = {}
    for (const { name, group, field } of columns) {
      if (group === undefined) nested[field] = row[name]
      else {
        nested[group] ??= {}
        ;(nested[group] as Row)[field] = row[name]
      }
    }
    return nested as Result
  })
}

/** The same of one row. */
export const nestRow = <Result>(row: Row): Result => nestRows<Result>([row])[0]!
