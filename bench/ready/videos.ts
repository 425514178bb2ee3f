import { loadVideos, type Video } from '../../test/simulators/content.ts'

/** So many videos: the fixture's again and again, each time under other ids. */
export function videosFor(count: number): Video[] {
  const real = loadVideos()
  return Array.from({ length: count }, (_, i) => ({ ...real[i % real.length]!, video_id: idOf(i) }))
}

const idOf = (i: number) => `bench${String(i).padStart(6, '0')}`

export const linkOf = (i: number) => `https://www.youtube.com/watch?v=${idOf(i)}`
