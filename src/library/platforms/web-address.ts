// Which spellings of a web address mean one page. A page's own `rel=canonical` is not asked: any page could name
// any other there, and take its place in everybody's library.

/** Parameters that say where a click came from, not what is shown. */
const TRACKING = new RegExp(
  '^(utm_.*|_?ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|fb_action_ids|fb_source|msclkid|twclid|ttclid|yclid|ymclid|' +
    'igsh|igshid|li_fat_id|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hssc|__hstc|hsctatracking|vero_id|vero_conv|oly_anon_id|' +
    'oly_enc_id|srsltid|epik|ref_src|ref_url|s_cid|cmpid|ncid|spm|scm|wickedid|rb_clickid|sc_channel|sc_campaign|' +
    'mtm_.*|pk_(campaign|kwd|source|medium|content)|piwik_.*|trk|trkcampaign|at_(medium|campaign))$',
  'i',
)
const PRIVATE_NAME =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa|onion|invalid|test|example)$/
const IPV4 = /^\d+(\.\d+){3}$/

/** The normal form: no fragment, no tracking, no slash at the end. Parameters keep their order and their spelling. */
export function canonicalAddress(url: URL): URL {
  const canonical = new URL(url)
  canonical.hash = ''
  canonical.hostname = url.hostname.replace(/\.$/, '')
  canonical.pathname = url.pathname.replace(/\/+$/, '') || '/'
  const kept = url.search
    .slice(1)
    .split('&')
    .filter(part => part !== '' && !TRACKING.test(nameOf(part)))
  canonical.search = kept.join('&')
  return canonical
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
