/** Makes `{save: {id}, content: {id}}` of a row whose columns are named "save.id" and "content.id". */
export function nestRow<Result>(row: Record<string, unknown>): Result {
  const nested: Record<string, Record<string, unknown>> = {}
  for (const [name, value] of Object.entries(row)) {
    const dot = name.indexOf('.')
    const group = name.slice(0, dot)
    nested[group] ??= {}
    nested[group][name.slice(dot + 1)] = value
  }
  return nested as Result
}
