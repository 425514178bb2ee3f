// Keeps what a reader looks at where it is, while what is around it is drawn anew.

/** Draws, and scrolls by as much as what was in sight has moved. At the top of the page there is nothing to keep. */
export function scrollKept(root, draw) {
  const seen = scrollY > 0 ? inSight(root) : []
  draw()
  for (const { key, top } of seen) {
    const node = root.querySelector(`[data-key="${CSS.escape(key)}"]`)
    if (!node) continue
    scrollBy({ top: node.getBoundingClientRect().top - top, behavior: 'instant' })
    return
  }
}

/** What bears a key and is in sight, from the top on: the first may go. */
function inSight(root) {
  const seen = []
  for (const node of root.querySelectorAll('[data-key]')) {
    const { top, bottom } = node.getBoundingClientRect()
    if (top > innerHeight) break
    if (bottom > 0) seen.push({ key: node.dataset.key, top })
  }
  return seen
}
