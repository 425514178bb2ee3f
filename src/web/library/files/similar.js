import { itemAddress } from './address.js'
import { ask } from './api.js'
import { thumbnail, titleOf } from './card.js'
import { dots, el } from './dom.js'

/** What is like an item: what is saved opens, what others saved can be saved. */
export function similarItems(items, onSaved, notices) {
  return el(
    'section',
    { class: 'similar' },
    el('h3', {}, 'More like this'),
    items.length === 0
      ? el('p', { class: 'facts' }, 'Nothing yet.')
      : el('ul', {}, ...items.map(item => line(item, onSaved, notices))),
  )
}

const line = ({ save_id, content, similarity_score }, onSaved, notices) =>
  el(
    'li',
    {},
    thumbnail({ ...content, duration_seconds: null }, 160),
    el(
      'div',
      { class: 'about' },
      save_id
        ? el('a', { class: 'title', href: itemAddress(save_id), dir: 'auto' }, titleOf(content))
        : el('span', { class: 'title', dir: 'auto' }, titleOf(content)),
      el(
        'p',
        { class: 'facts' },
        dots(
          content.author && el('bdi', {}, content.author),
          `${Math.round(similarity_score * 100)} % alike`,
        ),
      ),
    ),
    !save_id &&
      el(
        'button',
        {
          type: 'button',
          class: 'quiet',
          onclick: ({ currentTarget }) => save(currentTarget, content, onSaved, notices),
        },
        'Save',
        el('span', { class: 'hidden' }, `: ${titleOf(content)}`),
      ),
  )

async function save(button, content, onSaved, notices) {
  button.disabled = true
  try {
    await ask('POST', '/v1/items', { url: content.url })
    button.textContent = 'Saved'
    notices.say(`Saved “${titleOf(content)}”.`)
    onSaved()
  } catch (refused) {
    button.disabled = false
    notices.fail(refused.message, () => save(button, content, onSaved, notices))
  }
}
