// Removing with a way back: an item goes from sight at once, and for good when nobody has asked for it back.
import { ask } from './api.js'
import { focusOn } from './dom.js'
import { notices } from './notices.js'

/** Ids of what is out of sight. */
const gone = new Set()
/** Those that the server still has: id -> removes it for good. */
const waiting = new Map()
let changed = () => {}

export const isRemoved = id => gone.has(id)
export const notRemoved = items => items.filter(({ save }) => !gone.has(save.id))

/** @param onChange called when something has gone from sight, or has come back */
export function whenRemoved(onChange) {
  changed = onChange
}

export function remove(id, title) {
  gone.add(id)
  const bringBack = async () => {
    waiting.delete(id)
    gone.delete(id)
    await changed()
  }
  waiting.set(id, async options => {
    waiting.delete(id)
    try {
      await ask('DELETE', `/v1/items/${id}`, undefined, options)
    } catch (refused) {
      if (refused.status === 404) return
      await bringBack()
      notices.fail(`“${title}” was not removed. ${refused.message}`, () => remove(id, title))
    }
  })
  notices.say(`Removed “${title}”.`, {
    undo: async () => {
      await bringBack()
      // Unless somebody has gone on meanwhile.
      if (document.activeElement === document.body) focusOn(id)
    },
    end: () => waiting.get(id)?.(),
  })
  changed()
}

/** Nobody can ask for anything back any more. */
export function removeForGood() {
  for (const finish of waiting.values()) finish({ keepalive: true })
}
addEventListener('pagehide', removeForGood)
