// A Trove with a browser beside it, and a person whose library is filled, for all tests of a group.
import { afterAll, beforeAll } from 'bun:test'
import type { Browser } from 'playwright-core'
import type { Video } from '../simulators/content.ts'
import type { User } from '../support/app.ts'
import { findChromium, openBrowser } from './chromium.ts'
import { fillLibrary } from './library-page.ts'
import { type Served, serveTrove } from './serve-trove.ts'

export interface Stage {
  served: Served
  browser: Browser
  user: User
}

const watch = ({ video_id }: Video) => `https://www.youtube.com/watch?v=${video_id}`

/**
 * To be called in a group of tests, which it gives what they share before the first and takes it back after the last.
 * @param videos what the simulated platform has
 * @param saved so many of them are in the library, read and grouped
 */
export function filledLibrary(videos: Video[], saved: number): Stage {
  const stage = {} as Stage
  beforeAll(async () => {
    ;[stage.served, stage.browser] = await Promise.all([serveTrove({ videos }), openBrowser(findChromium()!)])
    const { trove } = stage.served
    stage.user = await trove.register()
    await trove.work()
    if (saved === 0) return
    const urls = videos.slice(0, saved).map(watch)
    await fillLibrary(stage.user, urls, () => trove.untilItems(stage.user, saved))
  })
  afterAll(async () => {
    await stage.browser?.close()
    await stage.served?.stop()
  })
  return stage
}
