// All that is read out of what a page or a platform says. It runs in the threads of page-reader.ts, since what a
// stranger wrote may take any time and any memory.

import { readPostPage } from '../instagram/instagram-page.ts'
import { findMainText } from '../web/find-main-text.ts'
import { readWebPage } from '../web/web-page.ts'
import { readCaptions } from '../youtube/read-captions.ts'
import { readVideos } from '../youtube/youtube-videos.ts'
import { readWatchPage } from '../youtube/youtube-watch-page.ts'

export const READINGS = {
  web_page: readWebPage,
  main_text: findMainText,
  instagram_page: readPostPage,
  youtube_page: readWatchPage,
  youtube_videos: readVideos,
  youtube_captions: readCaptions,
}

export type Readings = typeof READINGS
export type Reading = keyof Readings
/** What a reading must know besides the page. */
export type About<R extends Reading> = Parameters<Readings[R]> extends [string, infer A] ? [A] : []

/** A page, or what is to be read in the page that was given last. */
export type ReadingRequest = { page: string } | { reading: Reading; about: unknown[] }
