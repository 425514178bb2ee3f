import { shownOnce } from '../admission/shown-once.ts'

/** Names its invitation. */
export const invitationTokens = shownOnce('tri_', 1, 24)
