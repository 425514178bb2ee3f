// Single keys, which a person may turn off: they would be pressed by who speaks instead of typing (WCAG 2.1.4).
import { byId, el } from './dom.js'

const KEY = 'trove.shortcuts'

const areOn = () => {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}
const turn = isOn => {
  try {
    localStorage.setItem(KEY, isOn ? 'on' : 'off')
  } catch {}
}

const ACTIONS = {
  '/': ['search', () => byId('q').select()],
  s: ['save a link', () => byId('url').focus()],
  z: ['undo what was just removed', () => document.querySelector('.undo')?.click()],
  '?': ['show this', help],
}

/** @param isSignedIn whether there is something for the keys to do */
export function shortcuts(isSignedIn) {
  byId('show-help').addEventListener('click', help)
  addEventListener('keydown', event => {
    const [, action] = ACTIONS[event.key] ?? []
    if (!action || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (!areOn() || !isSignedIn()) return
    // Where a key means something else already.
    if (event.target.closest('input, textarea, select, dialog, [role="application"]')) return
    event.preventDefault()
    action()
  })
}

function help() {
  const dialog = el(
    'dialog',
    { class: 'help', 'aria-labelledby': 'help-title', onclose: () => dialog.remove() },
    el('h2', { id: 'help-title', tabindex: '-1' }, 'Keys'),
    el(
      'dl',
      {},
      ...[...Object.entries(ACTIONS), ['Esc', ['close an item, leave a form']]].map(([key, [what]]) =>
        el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)),
      ),
    ),
    el(
      'label',
      { class: 'choice' },
      el('input', { type: 'checkbox', checked: areOn(), onchange: ({ target }) => turn(target.checked) }),
      'Use single keys',
    ),
    el('button', { type: 'button', class: 'second', onclick: () => dialog.close() }, 'Close'),
  )
  document.body.append(dialog)
  dialog.showModal()
  dialog.querySelector('h2').focus()
}
