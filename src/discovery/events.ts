import { defineEvent } from '../ground/domain-events.ts'

/** All contents have vectors of another model than before, which are compared from now on. */
export const vectorsMoved = defineEvent<{ model: string }>('vectors moved')
