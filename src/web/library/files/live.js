// What the page does with what it hears, and how often it looks anew.
import { place } from './address.js'
import { announce, byId } from './dom.js'
import { follow } from './events.js'
import { A_PAGE } from './list.js'

/** Many saves become READY at once; each would draw the page anew. A long list is read in many requests, and so less often. */
const BETWEEN_DRAWINGS_MS = 3000
/** A stream that comes back within this time was never away. */
const CALM_MS = 1500

/** @param draw draws the view if it has changed */
export function live({ waiting, saving, item, loadWaiting, draw }) {
  let end = () => {}
  let later

  /** At once, and then not again for a while. */
  function refresh() {
    if (later) {
      later.again = true
      return
    }
    later = { again: false }
    draw()
    const pages = Math.max(1, (place().count ?? 0) / A_PAGE)
    setTimeout(() => {
      const { again } = later
      later = undefined
      if (again) refresh()
    }, BETWEEN_DRAWINGS_MS * pages)
  }

  function hear(type, data) {
    if (type === 'events.dropped') return catchUp()
    if (type === 'clusters.updated') {
      announce(`${data.cluster_count} groups.`)
      return refresh()
    }
    waiting.hear(type, data)
    if (type === 'job.progress') return
    announce(
      type === 'content.ready'
        ? `${data.title ?? 'An item'} is ready.`
        : `${data.title ?? data.url} could not be read.`,
    )
    saving.hear(type, data)
    item.hear(data.save_id)
    refresh()
  }

  /** What the stream did not tell. */
  function catchUp() {
    loadWaiting()
    refresh()
  }

  function start() {
    let isFirst = true
    let wasLost = false
    let losing
    const say = isOpen => {
      byId('live').textContent = isOpen ? 'Live' : 'Reconnecting …'
      byId('live').dataset.open = isOpen
    }
    const stopFollowing = follow(hear, isOpen => {
      clearTimeout(losing)
      if (isOpen) say(true)
      else losing = setTimeout(say, CALM_MS, false)
      if (isOpen && (wasLost || !isFirst)) {
        saving.online()
        catchUp()
      }
      if (isOpen) isFirst = false
      wasLost = !isOpen
    })
    end = () => {
      stopFollowing()
      clearTimeout(losing)
      byId('live').textContent = ''
    }
  }
  return {
    start,
    refresh,
    stop: () => {
      end()
      end = () => {}
    },
  }
}
