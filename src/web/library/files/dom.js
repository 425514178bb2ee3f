// Makes elements. Text goes in as text, never as HTML: titles are written by strangers.

const SVG = 'http://www.w3.org/2000/svg'

/** @param {Record<string, unknown>} props attributes, `class`, `on…` listeners, `data`; null and false are left out */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children)
}

export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children)
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name === 'data') Object.assign(node.dataset, value)
    else node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false))
  return node
}

export const byId = id => document.getElementById(id)

/** Says something to a person who cannot see the page change. */
export function announce(text) {
  byId('news').textContent = text
}

/** Facts in a row; what there is nothing of is left out. */
export const dots = (...facts) =>
  facts.filter(Boolean).flatMap((fact, i) => (i === 0 ? [fact] : [' · ', fact]))

/** 3 May, and the year of another one. */
export function shortDate(time) {
  const date = new Date(time)
  const isThisYear = date.getFullYear() === new Date().getFullYear()
  const year = isThisYear ? undefined : 'numeric'
  const text = date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year })
  return el('time', { datetime: time }, el('span', { class: 'hidden' }, 'saved '), text)
}

/** What an element of the view is found again by when the view is drawn anew. */
export const keyOf = ({ dataset, id }) => dataset.key ?? (id || undefined)

/**
 * Puts the focus on what bears this key; into the view, when that has gone.
 * @param preventScroll it stays where it is
 */
export function focusOn(key, preventScroll = false) {
  const main = byId('main')
  const found = key ? (main.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? byId(key)) : null
  const target = found ?? main
  target.focus({ preventScroll: preventScroll || target === main })
}

/** A link goes out by http or https alone. */
export function outward(address) {
  const url = URL.canParse(address) ? new URL(address) : null
  return url && /^https?:$/.test(url.protocol) ? url.href : null
}

/** 3723 -> 1:02:03 */
export function clock(seconds) {
  const two = number => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = two(Math.floor(seconds) % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}

export const plural = (count, one, many = `${one}s`) =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`
