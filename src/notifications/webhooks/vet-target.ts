import { FetchError, type Fetcher } from '../../ground/fetch/fetch.ts'
import type { Problem } from '../../ground/http/problem.ts'
import { invalidField } from '../../ground/http/problems.ts'

const notPublic = invalidField(
  'The address must be one that the public internet reaches',
  ['body', 'url'],
  'public_url',
)

/**
 * Why an address cannot be a webhook's, or undefined. One sentence for whatever is wrong with it, so that nobody can
 * find out by it what there is in our network.
 */
export async function refusalOf(fetcher: Fetcher, url: string): Promise<Problem | undefined> {
  try {
    await fetcher.vet(url)
    return undefined
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
    return notPublic()
  }
}
