import type { Config } from '../../../config.ts'
import { type Link, LONGEST_URL, normaliseUrl } from '../../normalise-url.ts'

export interface BatchItem {
  url: string
  raw_share_text?: string | null | undefined
}

export interface BatchPlan {
  /** The first item of each link. In the order of their hashes, so that two batches lock contents in one order. */
  links: { item: BatchItem; link: Link }[]
  hashes: string[]
  /** What each item's link is known by; an item without one is no link of ours. */
  hashOf: Map<BatchItem, string>
}

/** An item's link as its result repeats it: as much of it as a link may have, and text that any reader takes. */
export const shownUrl = ({ url }: BatchItem): string =>
  url.slice(0, LONGEST_URL).replaceAll('\0', '\ufffd').toWellFormed()

/** Decides what of a batch is to be saved: every link once, under whatever spelling it came first. */
export function planBatch(
  items: BatchItem[],
  config: Pick<Config, 'PLATFORMS' | 'FETCH_ALLOW_HOSTS'>,
): BatchPlan {
  const first = new Map<string, { item: BatchItem; link: Link }>()
  const hashOf = new Map<BatchItem, string>()
  for (const item of items) {
    const link = normaliseUrl(item.url, config)
    if (!link) continue
    hashOf.set(item, link.url_hash)
    if (!first.has(link.url_hash)) first.set(link.url_hash, { item, link })
  }
  const hashes = [...first.keys()].sort()
  return { links: hashes.map(hash => first.get(hash)!), hashes, hashOf }
}
