// Which spellings of a web address mean one page. A page's own `rel=canonical` is not asked: any page could name
// any other there, and take its place in everybody's library.

/** Parameters that say where a click came from, not what is shown. */
const TRACKING = new RegExp(
  '^(utm_.*|_?ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|fb_action_ids|fb_source|msclkid|twclid|ttclid|yclid|ymclid|' +
    'igsh|igshid|li_fat_id|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hssc|__hstc|hsctatracking|vero_id|vero_conv|oly_anon_id|' +
    'oly_enc_id|srsltid|epik|ref_src|ref_url|s_cid|cmpid|ncid|spm|scm|wickedid|rb_clickid|sc_channel|sc_campaign|' +
    'mtm_.*|pk_(campaign|kwd|source|medium|content)|piwik_.*|trk|trkcampaign|at_(medium|campaign)|' +
    'gad_source|gad_campaignid|mibextid|_branch_match_id)$',
  'i',
)
const PRIVATE_NAME =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa|onion|invalid|test|example)$/
const IPV4 = /^\d+(\.\d+){3}$/

/** A letter, digit or one of `-._~`, which mean the same with and without escape (RFC 3986, 2.3). */
const UNRESERVED = /^[\w.~-]$/
const ESCAPE = /%[0-9a-f]{2}/gi

/** The address that is asked, kept and shown: what was pasted, less tracking parameters and the fragment. */
export function keptAddress(url: URL): URL {
  const kept = new URL(url)
  kept.hash = ''
  const parts = url.search.slice(1).split('&')
  const own = parts.filter(part => !TRACKING.test(nameOf(part)))
  if (own.length < parts.length) kept.search = own.join('&')
  return kept
}

/**
 * What is equal for all spellings of one page: https, no dot behind the host, no slash at the end, no tracking, no empty
 * parameters, and escapes as RFC 3986, 6.2.2 has them. Parameters keep their order. It is never asked: there are sites
 * that know a page by one of its spellings alone.
 */
export function addressKey(url: URL): string {
  const { host, pathname, search } = keptAddress(url)
  const path = plainEscapes(pathname).replace(/\/+$/, '') || '/'
  const parameters = search.slice(1).split('&').filter(Boolean).map(plainEscapes)
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : ''
  return `https://${host.replace(/\.(?=$|:)/, '')}${path}${query}`
}

/** Escapes in capitals, and none where none is needed. */
function plainEscapes(text: string): string {
  return text.replace(ESCAPE, escaped => {
    const letter = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return UNRESERVED.test(letter) ? letter : escaped.toUpperCase()
  })
}

/**
 * Whether a link to `url` may be saved at all: a name on the public internet at its scheme's own port, or one of
 * the `host:port` pairs that the operator allows. What the name resolves to is looked at when it is fetched.
 */
export function isPublicAddress(url: URL, allowed: string[]): boolean {
  const { hostname } = url
  if (allowed.includes(`${hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`)) return true
  const name = hostname.replace(/\.$/, '')
  return url.port === '' && name.includes('.') && !IPV4.test(name) && !PRIVATE_NAME.test(name)
}

function nameOf(parameter: string): string {
  const name = parameter.split('=', 1)[0]!
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
