import type { Sql } from '../../ground/database/connection.ts'
import type { Width } from './widths.ts'

/** A picture of a content. */
export interface PictureKey {
  content_id: string
  /** MD5 of its address, in hex. */
  hash: string
}

export interface KeptPicture {
  /** Where the picture is. */
  thumbnail_url: string
  /** Undefined: it must be fetched. Null: that was tried within the last hour, in vain. */
  bytes: Uint8Array<ArrayBuffer> | null | undefined
}

/** Undefined when this is not the content's picture, or there is no such content. */
export async function findPicture(
  sql: Sql,
  { content_id, hash }: PictureKey,
  width: Width,
): Promise<KeptPicture | undefined> {
  const [found] = await sql<
    { thumbnail_url: string; is_kept: boolean; bytes: Uint8Array<ArrayBuffer> | null }[]
  >`
    select c.thumbnail_url, t.width is not null as is_kept, t.bytes
    from shared_contents c
    left join thumbnails t on t.content_id = c.id and t.hash = ${hash} and t.width = ${width}
      and (t.bytes is not null or t.created_at > now() - interval '1 hour')
    where c.id = ${content_id} and md5(c.thumbnail_url) = ${hash}`
  if (!found) return undefined
  const { thumbnail_url, is_kept, bytes } = found
  return { thumbnail_url, bytes: is_kept ? bytes : undefined }
}

/** Keeps a picture in each of its widths, or null where it could not be had. What another process has made stays. */
export async function keepPicture(
  sql: Sql,
  key: PictureKey,
  pictures: { width: Width; bytes: Uint8Array | null }[],
): Promise<void> {
  await sql`
    insert into thumbnails ${sql(pictures.map(picture => ({ ...key, ...picture })))}
    on conflict (content_id, hash, width) do update
    set bytes = excluded.bytes, created_at = excluded.created_at
    where thumbnails.bytes is null`
}
