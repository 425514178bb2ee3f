// Groups the library anew, and says how that ended.
import { ask, get, session } from './api.js'
import { announce, el } from './dom.js'
import { notices } from './notices.js'

const PAUSES_MS = [300, 600, 1000, 2000]
/** Asking for the end may fail so often in a row. */
const MOST_FAILURES = 5

/** Whether a run is waited for: every button says so, also one that is drawn meanwhile. */
let isRunning = false

/** @param changed called when the run is over */
export const regroup = changed => {
  const button = el('button', {
    type: 'button',
    class: 'second',
    data: { key: 'regroup' },
    onclick: () => isRunning || run(changed),
  })
  show(button)
  return button
}

function show(button) {
  button.setAttribute('aria-disabled', String(isRunning))
  button.textContent = isRunning ? 'Grouping …' : 'Group anew'
}

function setRunning(value) {
  isRunning = value
  for (const button of document.querySelectorAll('[data-key="regroup"]')) show(button)
}

async function run(changed) {
  setRunning(true)
  announce('Your library is being grouped.')
  try {
    const { job_id } = await ask('POST', '/v1/clusters/rebuild')
    const { stage, error_message } = await ended(job_id)
    if (stage === 'failed') throw new Error(error_message ?? 'Something went wrong.')
    notices.say('Your library is grouped.')
    changed()
  } catch (refused) {
    if (session()) notices.fail(`Your library was not grouped. ${refused.message}`, () => run(changed))
  } finally {
    setRunning(false)
  }
}

async function ended(id) {
  let failures = 0
  for (let asked = 0; ; asked++) {
    await new Promise(resolve => setTimeout(resolve, PAUSES_MS[asked] ?? PAUSES_MS.at(-1)))
    try {
      const job = await get(`/v1/jobs/${id}`)
      if (job.stage === 'done' || job.stage === 'failed') return job
      failures = 0
    } catch (refused) {
      if (!session() || ++failures === MOST_FAILURES) throw refused
    }
  }
}
