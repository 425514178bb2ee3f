// The library as points in a plane: near is alike. One stop of the Tab key; arrows go from point to point.
import { get } from './api.js'
import { regroup } from './clusters.js'
import { el, plural, svg } from './dom.js'
import { lookOf, neighbour, outline, placeLabels, toPixels } from './map-layout.js'

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export const map = {
  title: 'Map',
  load: () => get('/v1/clusters/map'),
  draw: ({ points, clusters }, { open }) => {
    const head = el(
      'div',
      { class: 'head' },
      el('h2', {}, 'Map', el('span', { class: 'count' }, plural(points.length, 'item'))),
      regroup(),
    )
    if (points.length === 0)
      return [head, el('p', { class: 'empty' }, 'The map is drawn when your library is grouped.')]
    const sizes = Map.groupBy(points, ({ cluster_id }) => cluster_id)
    const groups = clusters
      .map(group => ({ ...group, size: sizes.get(group.id)?.length ?? 0 }))
      .sort((a, b) => b.size - a.size || a.label.localeCompare(b.label))
    const looks = new Map(groups.map(({ id }, i) => [id, lookOf(i)]))
    const look = id => looks.get(id) ?? lookOf(-1)
    const tip = el('div', { class: 'tip', hidden: true })
    const plot = el('div', { class: 'plot' }, tip)
    const redraw = () => drawPlot(plot, tip, { points, groups, look }, open)
    new ResizeObserver(redraw).observe(plot)
    return [
      head,
      el('p', { class: 'facts' }, 'Near is alike. Choose a point to open it.'),
      plot,
      legend(groups, look, plot),
    ]
  },
}

function drawPlot(plot, tip, { points, groups, look }, open) {
  const width = plot.clientWidth
  if (width === 0 || Number(plot.dataset.width) === width) return
  plot.dataset.width = width
  const size = { width, height: Math.round(Math.min(Math.max(width * 0.62, 320), 620)) }
  const placed = points.map(point => ({ ...point, ...toPixels(point, size) }))
  const radius = points.length > 1500 ? 3.5 : points.length > 400 ? 5 : 6.5
  const nodes = placed.map((point, i) => {
    const { colour, shape } = look(point.cluster_id)
    return svg('path', {
      class: 'point',
      d: outline(shape, point, radius),
      role: 'button',
      tabindex: i === 0 ? 0 : -1,
      'aria-label': point.title ?? 'Untitled',
      data: { colour, group: point.cluster_id ?? '', at: i },
    })
  })
  const labels = placeLabels(groups, size).map(({ label, x, y, id }) =>
    svg('text', { class: 'label', x, y, 'aria-hidden': 'true', data: { group: id } }, label),
  )
  const names = new Map(groups.map(({ id, label }) => [id, label]))
  const picture = svg(
    'svg',
    {
      viewBox: `0 0 ${size.width} ${size.height}`,
      height: size.height,
      role: 'group',
      'aria-label': 'Map of your library',
    },
    ...nodes,
    ...labels,
  )
  const indexOf = target => (target.dataset?.at === undefined ? -1 : Number(target.dataset.at))
  const show = ({ target }) => {
    const point = placed[indexOf(target)]
    tip.hidden = !point
    if (!point) return
    tip.replaceChildren(
      el('strong', {}, point.title ?? 'Untitled'),
      el('span', {}, names.get(point.cluster_id) ?? 'In no group'),
    )
    const half = tip.offsetWidth / 2
    const above = point.y > tip.offsetHeight + 24
    tip.style.left = `${Math.min(Math.max(point.x, half + 4), size.width - half - 4)}px`
    tip.style.top = `${above ? point.y - tip.offsetHeight - 14 : point.y + 14}px`
  }
  const hide = () => {
    tip.hidden = true
  }
  picture.addEventListener('pointerover', show)
  picture.addEventListener('pointerleave', hide)
  picture.addEventListener('focusin', show)
  picture.addEventListener('focusout', hide)
  picture.addEventListener('click', ({ target }) => {
    const point = placed[indexOf(target)]
    if (point) open(point.save_id)
  })
  picture.addEventListener('keydown', event => {
    const at = indexOf(event.target)
    if (at < 0) return
    if (event.key === 'Escape') return hide()
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return open(placed[at].save_id)
    }
    const arrow = ARROWS[event.key]
    const next = arrow && neighbour(placed, placed[at], ...arrow)
    if (!next) return
    event.preventDefault()
    nodes[at].setAttribute('tabindex', '-1')
    const node = nodes[placed.indexOf(next)]
    node.setAttribute('tabindex', '0')
    node.focus()
  })
  plot.replaceChildren(picture, tip)
}

/** Every group with its colour and shape; looking at one dims the others. */
const legend = (groups, look, plot) =>
  el(
    'ul',
    { class: 'legend' },
    ...groups.map(({ id, label, size }) => {
      const { colour, shape } = look(id)
      const mark = svg(
        'svg',
        { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
        svg('path', { class: 'point', data: { colour }, d: outline(shape, { x: 8, y: 8 }, 5.5) }),
      )
      const single = isOn => () => {
        for (const node of plot.querySelectorAll('[data-group]')) {
          node.classList.toggle('dim', isOn && node.dataset.group !== id)
        }
      }
      const looking = {
        onpointerenter: single(true),
        onpointerleave: single(false),
        onfocus: single(true),
        onblur: single(false),
      }
      return el(
        'li',
        {},
        el('a', { href: `#/groups/${id}`, ...looking }, mark, label, el('span', { class: 'count' }, size)),
      )
    }),
  )
