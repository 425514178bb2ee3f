// The ETag of one item: the library's version for If-None-Match, and the save's own version for If-Match. A view, or
// a job that ends meanwhile, is no edit that could be lost, so If-Match looks at the save's own version alone.

/** What names a save in the ETag of its item: handed to the conditional GET as the reader's id. */
export const tagName = (userId: string, saveId: string, version: number) => `${userId}-${saveId}.${version}`

/** Whether `If-Match` was left out, is `*`, or holds an ETag of this save as it is. */
export function isCurrent(ifMatch: string | null, userId: string, saveId: string, version: number): boolean {
  if (ifMatch === null || ifMatch.trim() === '*') return true
  const name = `-${tagName(userId, saveId, version)}-`
  return (ifMatch.match(/"[^"]*"/g) ?? []).some(tag => tag.includes(name))
}
