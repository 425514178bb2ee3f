// The library as points in a plane: near is alike. The picture is a canvas; one button goes from point to point.
import { addressOf, itemAddress } from './address.js'
import { get } from './api.js'
import { announce, el, plural } from './dom.js'
import { pointCard, titleOf } from './map-card.js'
import { drawMap } from './map-draw.js'
import { fit, looksOf, nearest, step, toPixels } from './map-layout.js'
import { legend } from './map-legend.js'
import { regroup } from './regroup.js'

const ALONE = 'In no group'
/** A group is not shown closer than this part of the map. */
const CLOSEST = 0.3
/** As the API gives. */
const MOST_POINTS = 5000
const [MOUSE_REACH, FINGER_REACH] = [14, 26]

/** What was chosen when the map was drawn last: it is drawn anew when the library changes. */
const last = { group: undefined, save: undefined }

export const map = {
  tab: 'map',
  title: 'Map',
  load: async () => {
    const [drawn, { total }] = await Promise.all([get('/v1/clusters/map'), get('/v1/items?limit=1')])
    return Object.assign(drawn, { total })
  },
  draw: ({ points, clusters, total }, { changed }) => {
    const isWhole = points.length >= total
    const count = isWhole
      ? plural(points.length, 'item')
      : `${points.length.toLocaleString()} of ${plural(total, 'item')}`
    const head = el(
      'div',
      { class: 'head' },
      el('h2', {}, 'Map', el('span', { class: 'count' }, count)),
      regroup(changed),
    )
    if (points.length === 0)
      return [head, el('p', { class: 'empty' }, 'The map is drawn when your library is grouped.')]
    return [
      head,
      !isWhole && el('p', { class: 'facts' }, whyNotAll(points.length)),
      ...plotOf(points, clusters),
    ]
  },
}

const whyNotAll = shown =>
  shown >= MOST_POINTS
    ? `The map shows ${MOST_POINTS.toLocaleString()} items at most: the most typical of each group.`
    : 'Items without words to compare them by have no place on the map.'

const open = id => {
  location.hash = itemAddress(id)
}

function plotOf(all, clusters) {
  const known = new Set(clusters.map(({ id }) => id))
  const points = all.map(point => (known.has(point.cluster_id) ? point : { ...point, cluster_id: null }))
  const rowsOf = Map.groupBy(points, ({ cluster_id }) => cluster_id)
  const groups = clusters
    .filter(({ id }) => rowsOf.has(id))
    .map(group => ({ ...group, size: rowsOf.get(group.id).length }))
    .sort((a, b) => b.size - a.size || a.label.localeCompare(b.label))
  const alone = rowsOf.get(null)
  const listed = alone ? [...groups, { id: null, label: ALONE, size: alone.length }] : groups
  const looks = looksOf(groups)
  const names = new Map(listed.map(({ id, label }) => [id, label]))
  const nameOf = id => names.get(id) ?? ALONE
  const everything = fit(points)

  const canvas = el('canvas', { 'aria-hidden': 'true' })
  // Without a place it has no name either.
  const cursor = el('button', { type: 'button', class: 'cursor', hidden: true, data: { key: 'map-cursor' } })
  const card = pointCard(nameOf)
  const plot = el(
    'div',
    {
      class: 'plot',
      role: 'application',
      'aria-label': 'Map of your library',
      'aria-describedby': 'map-how',
    },
    canvas,
    card.node,
    cursor,
  )
  const how = el('p', { class: 'facts how', id: 'map-how' })
  const list = legend(listed, looks, { look, choose: id => choose(id === chosen ? undefined : id) })

  let size = { width: 0, height: 0 }
  let placed = []
  /** The points of each group, from left to right, in the order of the legend. */
  let rows = []
  let current
  let chosen = names.has(last.group) ? last.group : undefined
  let lookedAt

  function draw() {
    if (size.width === 0) return
    drawMap(canvas, {
      ...{ points: placed, looks, size, single: lookedAt === undefined ? chosen : lookedAt },
      groups: groups.map(group => ({ ...group, ...toPixels(group, seen(), size) })),
    })
  }
  const seen = () => {
    if (chosen === undefined) return everything
    return fit(rowsOf.get(chosen), CLOSEST * Math.min(everything.w, everything.h))
  }

  function place() {
    placed = points.map(point => ({ ...point, ...toPixels(point, seen(), size) }))
    const byGroup = Map.groupBy(placed, ({ cluster_id }) => cluster_id)
    rows = listed.map(({ id }) => byGroup.get(id).sort((a, b) => a.x - b.x || a.y - b.y))
    const isIn = ({ cluster_id }) => chosen === undefined || cluster_id === chosen
    const row =
      rows[
        Math.max(
          0,
          listed.findIndex(({ id }) => id === chosen),
        )
      ]
    point(placed.find(it => it.save_id === last.save && isIn(it)) ?? row[0])
    draw()
  }

  /** Moves the button to a point. */
  function point(to) {
    current = to
    last.save = to.save_id
    cursor.hidden = false
    cursor.style.left = `${to.x}px`
    cursor.style.top = `${to.y}px`
    cursor.setAttribute('aria-label', `${titleOf(to)}, ${nameOf(to.cluster_id)}`)
  }
  const show = to => {
    if (to) point(to)
    cursor.classList.toggle('on', to !== undefined)
    card.show(to, size)
  }

  function look(id) {
    lookedAt = id
    draw()
  }

  function choose(id) {
    chosen = last.group = id
    lookedAt = undefined
    list.press(id)
    explain()
    show()
    place()
  }
  function explain() {
    how.replaceChildren(
      ...(chosen === undefined
        ? [
            'Near is alike. Choose a point to open it, or a group below to see it alone. ',
            el('span', { class: 'keys' }, KEYS),
          ]
        : [
            el('strong', { dir: 'auto' }, nameOf(chosen)),
            ` · ${plural(rowsOf.get(chosen).length, 'item')} `,
            chosen !== null &&
              el('a', { class: 'button-like', href: addressOf('groups', chosen) }, 'Open the group'),
            el('button', { type: 'button', class: 'quiet', onclick: showAll }, 'Show all'),
          ].filter(Boolean)),
    )
  }
  function showAll() {
    const button = list.node.querySelector('[aria-pressed="true"]')
    choose(undefined)
    button?.focus({ preventScroll: true })
    look(undefined)
  }

  const under = (event, reach) => {
    const among = chosen === undefined ? placed : placed.filter(it => it.cluster_id === chosen)
    return nearest(among, { x: event.offsetX, y: event.offsetY }, reach)
  }
  canvas.addEventListener('pointermove', event => {
    if (event.pointerType === 'touch') return
    const to = under(event, MOUSE_REACH)
    canvas.style.cursor = to ? 'pointer' : 'default'
    show(to)
  })
  canvas.addEventListener('pointerleave', () => show(cursor.matches(':focus') ? current : undefined))
  canvas.addEventListener('click', event => {
    const to = under(event, event.pointerType === 'touch' ? FINGER_REACH : MOUSE_REACH)
    if (!to) return
    point(to)
    cursor.focus({ preventScroll: true })
    open(to.save_id)
  })
  cursor.addEventListener('click', () => open(current.save_id))
  cursor.addEventListener('focus', () => show(current))
  cursor.addEventListener('blur', () => show())
  cursor.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      if (chosen !== undefined && card.node.hidden) return choose(undefined)
      return card.show(undefined, size)
    }
    const to = step(event.key, rows, current)
    if (!to) return
    event.preventDefault()
    if (chosen !== undefined && to.cluster_id !== chosen) {
      last.save = to.save_id
      choose(to.cluster_id)
      show(current)
    } else show(to)
    const row = rows.find(it => it.includes(current))
    announce(
      `${titleOf(current)}. ${nameOf(current.cluster_id)}, ${row.indexOf(current) + 1} of ${row.length}.`,
    )
  })

  new ResizeObserver(() => {
    const width = plot.clientWidth
    if (width === 0 || width === size.width) return
    size = { width, height: Math.round(Math.min(Math.max(width * 0.62, 340), 640)) }
    place()
  }).observe(plot)
  whenColoursChange(canvas, draw)
  list.press(chosen)
  explain()
  return [how, plot, list.node]
}

const KEYS = 'With keys: ← → through a group, ↑ ↓ to another, Enter opens.'

/** Until the canvas has gone from the page. */
function whenColoursChange(canvas, draw) {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const change = () => {
    if (canvas.isConnected) draw()
    else dark.removeEventListener('change', change)
  }
  dark.addEventListener('change', change)
}
