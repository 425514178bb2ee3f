import { instagram } from './instagram/instagram.ts'
import type { Platform } from './platform.ts'
import { web } from './web/web.ts'
import { youtube } from './youtube/youtube.ts'

/** The registry: every platform whose links can be saved. A new one is a line here; `web` takes what is left. */
export const PLATFORMS: Platform[] = [youtube, instagram, web]
