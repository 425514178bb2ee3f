// Removing with a way back: an item goes from sight at once, and into the trash when nobody has asked for it back.
import { ask, session } from './api.js'
import { focusOn } from './dom.js'
import { notices } from './notices.js'

const KEY = 'trove.removals'
/** Ids of what is out of sight. */
const gone = new Set()
/** Those that the server still has: id -> { title, finish }, which removes it there. */
const waiting = new Map()
let changed = () => {}

export const isRemoved = id => gone.has(id)
export const notRemoved = items => items.filter(({ save }) => !gone.has(save.id))

/** @param onChange called when something has gone from sight, or has come back */
export function whenRemoved(onChange) {
  changed = onChange
}

export function remove(id, title) {
  const bringBack = hide(id, title)
  notices.say(`Removed “${title}”.`, {
    undo: async () => {
      await bringBack()
      // Unless somebody has gone on meanwhile.
      if (document.activeElement === document.body) focusOn(id)
    },
    end: () => waiting.get(id)?.finish(),
  })
  changed()
}

/** @returns brings it back */
function hide(id, title) {
  gone.add(id)
  const bringBack = async () => {
    waiting.delete(id)
    gone.delete(id)
    await changed()
  }
  const finish = async options => {
    waiting.delete(id)
    try {
      await ask('DELETE', `/v1/items/${id}`, undefined, options)
    } catch (refused) {
      if (refused.status === 404) return
      await bringBack()
      notices.fail(`“${title}” was not removed. ${refused.message}`, () => remove(id, title))
    }
  }
  waiting.set(id, { title, finish })
  return bringBack
}

/** Nobody can ask for anything back any more. */
export function finishRemovals() {
  for (const { finish } of waiting.values()) finish({ keepalive: true })
}

// The page that comes next may read its list before the server has heard of it. So that page hides it too, and asks again.
addEventListener('pagehide', () => {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(Array.from(waiting, ([id, { title }]) => [id, title])))
  } catch {}
  finishRemovals()
})
try {
  const left = JSON.parse(sessionStorage.getItem(KEY)) ?? []
  sessionStorage.removeItem(KEY)
  if (session()) for (const [id, title] of left) hide(id, title)
  finishRemovals()
} catch {}
