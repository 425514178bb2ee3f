// What the simulated platforms hold: rows of the fixtures, and facts about them that are the same each time.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Video {
  video_id: string
  title: string
  channel_title: string
  category_id: number
  category: string
  tags: string[]
  views: number
  likes: number
  thumbnail_url: string
}

export interface Post {
  shortcode: string
  kind: 'p' | 'reel' | 'tv'
  username: string
  caption: string
  likes: number
}

function readRows<Row>(file: URL | string): Row[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Row)
}

/** 400 real videos of every category, mixed; or the rows of another file of the same shape. */
export function loadVideos(
  file: URL | string = new URL('../support/fixtures/youtube-videos.jsonl', import.meta.url),
): Video[] {
  return readRows<Video>(file)
}

/** 21 invented posts. */
export function loadPosts(): Post[] {
  return readRows<Post>(new URL('../support/fixtures/instagram-posts.jsonl', import.meta.url))
}

/** A number from 0 to `below` - 1 that depends on `text` alone. */
export function pick(text: string, below: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % below
}

export function descriptionOf(video: Video): string {
  return `"${video.title}" by ${video.channel_title}.`
}

/** From 16 seconds to about two hours. */
export function durationOf(video: Video): { seconds: number; iso: string } {
  const seconds = 16 + pick(`length ${video.video_id}`, 7000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return { seconds, iso: `PT${h ? `${h}H` : ''}${m ? `${m}M` : ''}${s ? `${s}S` : ''}` }
}

/** A second of autumn 2017, without milliseconds, as YouTube writes it. */
export function publishedAt(id: string): string {
  const time = Date.UTC(2017, 8, 1) + pick(`date ${id}`, 86_400 * 90) * 1000
  return new Date(time).toISOString().replace('.000Z', 'Z')
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, letter => entities[letter]!)
}

// 8 × 6 pixels of colour.
export const THUMBNAIL = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAGAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAYEAEBAAMAAAAAAAAAAAAAAAAABAIhMf/EABUBAQEAAAAAAAAAAAAAAAAAAAEE/8QAGREBAAIDAAAAAAAAAAAAAAAAAgAxBBES/9oADAMBAAIRAxEAPwCM1uWugFg7qU44PFT/2Q==',
  'base64',
)
