// What happens to accounts, and concerns other rooms.
import { defineEvent } from '../ground/domain-events.ts'

/** A user is erased: what rooms keep of them elsewhere than in rows that go with the account has to go with it. */
export const userErased = defineEvent<{ id: string; email: string }>('user erased')
