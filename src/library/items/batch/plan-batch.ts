import { type Link, LONGEST_URL } from '../../links/normalise-url.ts'

export interface BatchItem {
  url: string
  raw_share_text?: string | null | undefined
}

/** What a batch's links are, in its order; undefined for what is none. */
export type BatchLinks = (Link | undefined)[]

export interface BatchPlan {
  /** The first item of each link. */
  links: { item: BatchItem; link: Link }[]
  hashes: string[]
  /** What each item's link is known by; an item without one is no link of ours. */
  hashOf: Map<BatchItem, string>
}

/** An item's link as its result repeats it: as much of it as a link may have, and text that any reader takes. */
export const shownUrl = ({ url }: BatchItem): string =>
  url.slice(0, LONGEST_URL).replaceAll('\0', '\ufffd').toWellFormed()

/** Decides what of a batch is to be saved: every link once, under whatever spelling it came first. */
export function planBatch(items: BatchItem[], links: BatchLinks): BatchPlan {
  const first = new Map<string, { item: BatchItem; link: Link }>()
  const hashOf = new Map<BatchItem, string>()
  for (const [at, item] of items.entries()) {
    const link = links[at]
    if (!link) continue
    hashOf.set(item, link.url_hash)
    if (!first.has(link.url_hash)) first.set(link.url_hash, { item, link })
  }
  return { links: [...first.values()], hashes: [...first.keys()], hashOf }
}
