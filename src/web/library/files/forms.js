// Forms of the account and the admin: each field says what is wrong with it, and what was done is said where it was done.
import { el } from './dom.js'

let ids = 0

/**
 * A labelled field.
 * @param props of the input; `options` makes it a choice: [value, text] each; `hint` stands below it
 */
export function field(name, label, { options, hint, value, type = 'text', ...props } = {}) {
  const id = `field-${++ids}`
  const about = hint ? `${id}-hint ${id}-error` : `${id}-error`
  const shared = { id, name, 'aria-describedby': about, ...props }
  const input = options
    ? el(
        'select',
        shared,
        options.map(([key, text]) => el('option', { value: key, selected: key === value }, text)),
      )
    : el('input', {
        ...shared,
        type,
        // Names are written in any direction.
        dir: type === 'text' ? 'auto' : null,
        ...(type === 'checkbox' ? { checked: value === true } : { value: value ?? undefined }),
      })
  const error = el('p', { class: 'error', id: `${id}-error`, hidden: true })
  const help = hint && el('p', { class: 'facts', id: `${id}-hint` }, hint)
  if (type === 'checkbox') return el('div', {}, el('label', { class: 'choice' }, input, label), help, error)
  return el('div', { class: 'entry' }, el('label', { for: id }, label), input, help, error)
}

/** What stands in a form: numbers as numbers, ticks as true and false, and nothing of what is empty. */
function valuesOf(form) {
  const values = {}
  for (const { name, type, value, checked } of form.elements) {
    if (!name) continue
    if (type === 'checkbox') values[name] = checked
    else if (value !== '') values[name] = type === 'number' ? Number(value) : value
  }
  return values
}

/** Says what is wrong beside the field that it is wrong with. @returns what is left to say of the whole form */
function mark(form, { problem, message }) {
  const errors = problem.field_errors ?? []
  let first
  for (const { loc, msg } of errors) {
    const input = form.elements[loc[1]]
    if (!input?.id) return message
    input.setAttribute('aria-invalid', 'true')
    const error = form.querySelector(`#${input.id}-error`)
    error.textContent = msg.charAt(0).toUpperCase() + msg.slice(1)
    error.hidden = false
    first ??= input
  }
  first?.focus()
  return first ? '' : message
}

function unmark(form) {
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid')
    form.querySelector(`#${input.id}-error`).hidden = true
  }
}

/**
 * A form of fields and a button.
 * @param send is given what was entered; what it gives is said as done, and what it throws beside the field
 * @param isKept what was entered stays when it is done
 */
export function sendForm(fields, button, send, { isKept = false, isDanger = false } = {}) {
  const error = el('p', { class: 'error', role: 'alert' })
  const done = el('p', { class: 'done', role: 'status' })
  const submit = el('button', { type: 'submit', class: isDanger ? 'second danger' : null }, button)
  const form = el(
    'form',
    {
      class: 'entries',
      novalidate: true,
      onsubmit: async event => {
        event.preventDefault()
        unmark(form)
        error.textContent = ''
        done.textContent = ''
        submit.disabled = true
        try {
          const said = await send(valuesOf(form), form)
          if (!isKept) form.reset()
          done.textContent = said ?? ''
        } catch (refused) {
          if (!refused.problem) throw refused
          error.textContent = mark(form, refused)
        } finally {
          submit.disabled = false
        }
        // A button that cannot be pressed loses the focus.
        if (form.isConnected && !form.contains(document.activeElement)) submit.focus()
      },
    },
    ...fields,
    el('div', { class: 'row' }, submit, done),
    error,
  )
  return form
}

/**
 * A button that does something, and says beside itself what came of it, or why it could not.
 * @param act what it gives is said
 * @param sure what the button says when it asks once more, before what cannot be taken back
 */
export function actButton(text, act, { sure } = {}) {
  const said = el('span', { class: 'facts', role: 'status' })
  const say = (words, isFault = false) => {
    said.textContent = words ?? ''
    said.className = isFault ? 'error' : 'facts'
  }
  let isAsked = false
  const calm = () => {
    isAsked = false
    button.textContent = text
  }
  const button = el(
    'button',
    {
      type: 'button',
      class: sure ? 'quiet danger' : 'quiet',
      onblur: calm,
      onclick: async () => {
        if (sure && !isAsked) {
          isAsked = true
          button.textContent = sure
          return
        }
        button.disabled = true
        say()
        try {
          say(await act())
        } catch (refused) {
          if (!refused.problem) throw refused
          say(refused.message, true)
        } finally {
          button.disabled = false
          calm()
        }
      },
    },
    text,
  )
  return el('span', {}, button, said)
}

/** A secret that is shown this once, with a way to copy it. */
export function shownOnce(label, secret) {
  const copied = el('span', { class: 'facts', role: 'status' })
  const text = el('input', {
    readonly: true,
    value: secret,
    'aria-label': label,
    onfocus: () => text.select(),
  })
  return el(
    'div',
    { class: 'once' },
    el('p', {}, `${label}. It is shown this once.`),
    el(
      'div',
      { class: 'field' },
      text,
      el(
        'button',
        {
          type: 'button',
          class: 'second',
          onclick: async () => {
            text.select()
            await navigator.clipboard?.writeText(secret).then(
              () => {
                copied.textContent = 'Copied'
              },
              () => {},
            )
          },
        },
        'Copy',
      ),
    ),
    copied,
  )
}

/** A part of a page, with its heading. What `load` gives is drawn by `draw`, and again when `draw`'s `again` is called. */
export function panel(title, load, draw) {
  const body = el('div', { class: 'panel-body' }, el('p', { class: 'facts', role: 'status' }, 'Loading …'))
  const again = async said => {
    try {
      const data = await load()
      body.replaceChildren(...[draw(data, again)].flat().filter(Boolean))
      if (said) body.append(el('p', { class: 'done', role: 'status' }, said))
    } catch (refused) {
      if (!refused.problem) throw refused
      body.replaceChildren(
        el('p', { class: 'error', role: 'alert' }, refused.message),
        el('button', { type: 'button', class: 'second', onclick: () => again() }, 'Try again'),
      )
    }
  }
  again()
  const id = `panel-${++ids}`
  return el('section', { class: 'panel', 'aria-labelledby': id }, el('h3', { id }, title), body)
}

/** A time, to the minute. */
export function whole(time) {
  return el(
    'time',
    { datetime: time },
    new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  )
}
