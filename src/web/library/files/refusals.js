// What the API refused, as a sentence for the person who asked.

const NAMES = {
  url: 'This',
  email: 'The email',
  password: 'The password',
  new_password: 'The new password',
  current_password: 'The password',
  username: 'The username',
  label: 'The name',
  raw_share_text: 'The note',
  q: 'The search',
}

/** A problem's words, each said once: what is wrong with a field says more than that something is. */
export function sentenceOf({ detail, error_code, field_errors = [], retry_after }, status) {
  if (status === 0) return 'The server cannot be reached. Check your connection.'
  if (error_code === 'RATE_LIMIT_EXCEEDED' && retry_after)
    return `That was much at once. Try again in ${span(retry_after)}.`
  if (field_errors.length > 0) return field_errors.map(fieldSentence).join(' ')
  return detail ? ended(detail) : `The server answered with ${status}. Try again shortly.`
}

function fieldSentence({ loc, msg }) {
  const name = loc.at(-1)
  return ended(/^\p{Lu}/u.test(msg) ? msg : `${NAMES[name] ?? name} ${msg}`)
}

const ended = text => (/[.!?…]$/.test(text) ? text : `${text}.`)

/** 2332 -> 39 minutes */
function span(seconds) {
  const [number, unit] =
    seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour']
  const count = Math.max(1, Math.ceil(number))
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
