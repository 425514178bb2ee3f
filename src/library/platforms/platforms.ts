import { instagram } from './instagram.ts'
import type { Platform } from './platform.ts'
import { youtube } from './youtube.ts'

/** The registry: every platform whose links can be saved. A new one is a line here. */
export const PLATFORMS: Platform[] = [youtube, instagram]
