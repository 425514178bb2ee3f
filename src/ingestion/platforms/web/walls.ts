// Pages that stand in front of the page: logins, consent, robot checks. They answer 200 and have a title, too. They are
// known by marks of who makes them, and by titles where there is no text: there are articles about all of them.
import type { PageTags } from '../pages/page-tags.ts'
import type { FetchProblem } from '../platform.ts'

export type Wall = 'login' | 'consent' | 'robot_check' | 'refusal'

/** What a page's title is, as a whole, when it is a wall; a site's name may stand before or after it. */
const TITLES: [Wall, RegExp][] = [
  ['robot_check', /^making sure you're not a (ro)?bot[ !.…]*$|^(robot or human|client challenge)[ ?!.…]*$/],
  ['robot_check', /^(vercel )?security checkpoint$|^(one more step|ddos protection by .*)[ !.…]*$/],
  ['robot_check', /^(nur einen moment|einen moment,? bitte|un instant|un momento|even geduld)[ !.…]*$/],
  ['robot_check', /^(just a moment|attention required|one moment,? please|please wait)[ !.…]*$/],
  ['robot_check', /^(checking|verifying) your (browser|connection)/],
  ['robot_check', /^(are you (a )?(human|robot)|(robot|bot|security|human|browser) (check|verification)$)/],
  ['robot_check', /^(please )?(verify|verifying|confirm|prove) (that )?you('| a)re (a )?(not a robot|human)/],
  ['robot_check', /^(pardon our interruption|unusual traffic|(complete|solve) the captcha|ddos-guard)/],
  ['robot_check', /^(re)?captcha\b/],
  [
    'refusal',
    /^(access (to this page has been )?denied[ .!]*$|(403 )?forbidden$|403$|request blocked|(sorry, )?you have been blocked)/,
  ],
  ['refusal', /^(429 )?too many requests$|^(503 )?service (temporarily )?unavailable$/],
  ['login', /^(please )?(log|sign)[ -]?in( required| page)?$/],
  ['login', /^(please )?(log|sign)[ -]?in (or|to) [^:]{1,40}$/],
  ['login', /^(login|authentication) (required|page)$|^(create an account|sign up) or /],
  ['login', /^(anmelden|einloggen|se connecter|connexion|iniciar sesi[oó]n|accedi|inloggen|entrar)$/],
  ['consent', /^before you continue( to [^:]{1,40})?$|^bevor sie [^:]{1,40}(weitergehen|fortfahren)$/],
  ['consent', /^avant d['e] ?(acc[eé]der|continuer)[^:]{0,40}$|^(antes de|prima di) continuare?[^:]{0,40}$/],
  [
    'consent',
    /^(cookie|privacy)[ -](consent|preferences|settings|choices|wall)$|^we (value|care about) your privacy/,
  ],
  ['consent', /^your privacy (choices|settings)$|^(accept|manage) cookies$/],
]
/** Of challenges alone: ids of elements and addresses of scripts. */
const MARKS: [Wall, RegExp][] = [
  ['robot_check', /^anubis_|\/\.within\.website\/x\/cmd\/anubis/],
  ['robot_check', /^(cf-)?challenge-(running|error-text|error-title|form|stage)$|\/challenge-platform\/h\/./],
  ['robot_check', /^px-captcha|captcha-delivery\.com|\.awswaf\.com\/.*\/challenge|_incapsula_resource/],
]
/** What a challenge answers with in its head. */
const HEADERS: [Wall, string, RegExp][] = [
  ['robot_check', 'cf-mitigated', /challenge/],
  ['robot_check', 'x-amzn-waf-action', /challenge|captcha/],
  ['robot_check', 'x-vercel-mitigated', /challenge/],
]

const PATHS: [Wall, RegExp][] = [
  ['login', /(^|\/)(log-?in|sign-?in|logon|wp-login\.php|authwall|sso)(\/|\.\w+$|$)/],
  ['consent', /(^|\/)(cookie-?consent|consent|cookiewall)(\/|$)/],
  ['robot_check', /(^|\/)(captcha|challenge)(\/|$)|^\/sorry\//],
]
/** Between parts whose blanks are single spaces: a pattern that looks for blanks by itself takes hours over many. */
const SEPARATOR = / [|·•—–-] |[|·•]/
/** A wall's title is short. */
const LOOKED_AT = 1_000
/** Characters. A page that shows more has a text of its own. */
const MOST_OF_A_WALL = 500
const ARTICLE = /article|posting|recipe|product|video|review|book|event|howto/i

/** Which wall an answer is by its head alone. */
export const wallInHeaders = (headers: Headers): Wall | undefined =>
  HEADERS.find(([, name, value]) => value.test(headers.get(name)?.toLowerCase() ?? ''))?.[0]

/**
 * Which wall `page` is. A page that calls itself an article in its own tags, or shows a text of its own, is what it says,
 * whatever its title; the path tells only where it differs from what was `asked` for.
 */
export function wallOf(page: { url: string; tags: PageTags }, asked: string): Wall | undefined {
  const [there, wanted] = [new URL(page.url), new URL(asked)]
  if (there.hostname.startsWith('consent.') && !wanted.hostname.startsWith('consent.')) return 'consent'
  if (there.pathname !== wanted.pathname) {
    const wall = find(PATHS, there.pathname.toLowerCase())
    if (wall) return wall
  }
  const mark = page.tags.marks.map(mark => find(MARKS, mark.toLowerCase())).find(Boolean)
  if (mark) return mark
  if (ARTICLE.test(page.tags.types.join(' ')) || page.tags.first('og:type') === 'article') return undefined
  if (page.tags.text_length > MOST_OF_A_WALL) return undefined
  for (const title of [page.tags.title, page.tags.first('og:title')]) {
    const line = (title ?? '').replace(/\s+/g, ' ').slice(0, LOOKED_AT)
    for (const part of line.split(SEPARATOR)) {
      const wall = find(TITLES, part.replaceAll('’', "'").trim().toLowerCase())
      if (wall) return wall
    }
  }
  return undefined
}

/** What people are told. `who` is the platform or the site. */
export function wallProblem(wall: Wall, who: string): FetchProblem {
  const sentences: Record<Wall, string> = {
    login: `${who} asked for a login instead of showing the page.`,
    consent: `${who} asked for consent instead of showing the page.`,
    robot_check: `${who} showed a robot check instead of the page.`,
    refusal: `${who} refused to show the page.`,
  }
  return { problem: sentences[wall], permanent: false, refused: true }
}

const find = (rules: [Wall, RegExp][], text: string) => rules.find(([, rule]) => rule.test(text))?.[0]
