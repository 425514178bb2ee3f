import { ask } from './api.js'
import { thumbnail, titleOf } from './card.js'
import { el } from './dom.js'

/** What is like an item: what is saved opens, what others saved can be saved. */
export function similarItems(items, open, onSaved) {
  return el(
    'section',
    { class: 'similar' },
    el('h3', {}, 'More like this'),
    items.length === 0
      ? el('p', { class: 'facts' }, 'Nothing yet.')
      : el('ul', {}, ...items.map(item => line(item, open, onSaved))),
  )
}

const line = ({ save_id, content, similarity_score }, open, onSaved) =>
  el(
    'li',
    {},
    thumbnail({ ...content, duration_seconds: null }, 160),
    el(
      'div',
      { class: 'about' },
      save_id
        ? el('button', { type: 'button', class: 'title', onclick: () => open(save_id) }, titleOf(content))
        : el('span', { class: 'title' }, titleOf(content)),
      el(
        'p',
        { class: 'facts' },
        [content.author, `${Math.round(similarity_score * 100)} % alike`].filter(Boolean).join(' · '),
      ),
    ),
    !save_id &&
      el(
        'button',
        { type: 'button', class: 'quiet', onclick: event => save(event, content, onSaved) },
        'Save',
      ),
  )

async function save({ currentTarget: button }, { url }, onSaved) {
  button.disabled = true
  try {
    onSaved(await ask('POST', '/v1/items', { url }))
    button.textContent = 'Saved'
  } catch (refused) {
    button.textContent = refused.message
  }
}
