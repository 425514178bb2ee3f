// The worker thread that finds a page's main text. Started by `openMainText`.
import { serveThread } from '../../threads.ts'
import { findMainText } from './find-main-text.ts'

serveThread<string, string | null>(findMainText)
