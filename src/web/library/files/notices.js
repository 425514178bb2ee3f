// What is said to a person about what they did: what is done, with a way back, and what failed, with a way to try again.
import { byId, el } from './dom.js'

const SHORT_MS = 6000
/** For what can be undone. */
const LONG_MS = 12_000

/** @param root where they are shown; within a dialog its own, since nothing else can be reached while it is open */
export function noticesIn(root) {
  const said = el('div', { class: 'said', role: 'status' })
  const failed = el('div', { class: 'fault', role: 'alert' })
  root.append(said, failed)
  let finish = () => {}

  /**
   * Goes by itself, unless somebody is on it.
   * @param undo makes a button of this name; `end` is called when it has gone without it
   */
  function say(text, { undo, end = () => {} } = {}) {
    finish()
    let timer
    const leave = () => {
      clearTimeout(timer)
      finish = () => {}
      said.replaceChildren()
    }
    const stay = () => clearTimeout(timer)
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => finish(), undo ? LONG_MS : SHORT_MS)
    }
    finish = () => {
      leave()
      end()
    }
    const back = () => {
      leave()
      undo()
    }
    said.replaceChildren(
      el(
        'div',
        { class: 'notice', onpointerenter: stay, onpointerleave: wait, onfocusin: stay, onfocusout: wait },
        el('p', { dir: 'auto' }, text),
        undo && el('button', { type: 'button', class: 'quiet undo', onclick: back }, 'Undo'),
      ),
    )
    wait()
  }

  /**
   * Stays until it is tried again or put away.
   * @param again what the button does
   * @returns takes it away
   */
  function fail(text, again) {
    const gone = () => notice.remove()
    const notice = el(
      'div',
      { class: 'notice' },
      el('p', { class: 'error' }, text),
      again &&
        el(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => {
              gone()
              again()
            },
          },
          'Try again',
        ),
      el('button', { type: 'button', class: 'quiet', 'aria-label': 'Dismiss', onclick: gone }, '×'),
    )
    failed.replaceChildren(notice)
    return gone
  }

  return {
    say,
    fail,
    /** Ends what is said now. */
    finish: () => finish(),
  }
}

/** Those of the page. */
export const notices = noticesIn(byId('notices'))
