import { LARGEST_BODY, readBytes } from './body.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Whether a page's form sent it, and so a page is what should come back. */
export const isForm = ({ headers }: Request): boolean => (headers.get('content-type') ?? '').startsWith(FORM)

/** Each field with all its values. @throws {Problem} 413 */
export async function readForm(request: Request): Promise<Record<string, string[]>> {
  const text = new TextDecoder().decode(await readBytes(request, LARGEST_BODY))
  const fields = Map.groupBy(new URLSearchParams(text), ([name]) => name)
  return Object.fromEntries([...fields].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]))
}
