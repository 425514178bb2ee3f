import { describe, expect, test } from 'bun:test'
import { readPageTags } from '../../../src/ingestion/platforms/pages/page-tags.ts'
import { type Wall, wallInHeaders, wallOf } from '../../../src/ingestion/platforms/web/walls.ts'

const ASKED = 'https://example.com/story'
const wall = (title: string, url = ASKED, head = '') =>
  wallOf({ url, tags: readPageTags(`<title>${title}</title>${head}`) }, ASKED)

describe('a wall is told from a page by its title', () => {
  const WALLS: [string, Wall][] = [
    ['Just a moment...', 'robot_check'],
    ['Just a moment…', 'robot_check'],
    ['Attention Required! | Cloudflare', 'robot_check'],
    ['Checking your browser before accessing example.com', 'robot_check'],
    ['Are you a robot?', 'robot_check'],
    ['Example • Are you a human?', 'robot_check'],
    ['Robot Check', 'robot_check'],
    ['Security Verification', 'robot_check'],
    ['Verify you are human', 'robot_check'],
    ['Please verify you are a human', 'robot_check'],
    ['Confirm that you’re not a robot', 'robot_check'],
    ['Pardon Our Interruption', 'robot_check'],
    ['reCAPTCHA', 'robot_check'],
    ['Access Denied', 'refusal'],
    ['Access to this page has been denied', 'refusal'],
    ['403 Forbidden', 'refusal'],
    ['429 Too Many Requests', 'refusal'],
    ['503 Service Temporarily Unavailable', 'refusal'],
    ['Sign in', 'login'],
    ['Sign In - Google Accounts', 'login'],
    ['Log in to Example', 'login'],
    ['Log In or Sign Up to View', 'login'],
    ['Login • Instagram', 'login'],
    ['Example | Please log in', 'login'],
    ['Login required', 'login'],
    ['Iniciar sesión', 'login'],
    ['Before you continue to YouTube', 'consent'],
    ['Bevor Sie zu YouTube weitergehen', 'consent'],
    ['Avant d’accéder à YouTube', 'consent'],
    ['Cookie Consent', 'consent'],
    ['We value your privacy', 'consent'],
    ['Example – Privacy settings', 'consent'],
  ]
  test.each(WALLS)('%p is a wall', (title, kind) => {
    expect(wall(title)).toBe(kind)
  })

  const PAGES = [
    'Just a moment of peace: a poem',
    'How to sign in to your router',
    'Sign in to Windows 11: three ways that work',
    'Signing off',
    'Please wait for the sun',
    'Access denied: how a novel was banned',
    'Login screens that people love',
    'Robots in the kitchen',
    'Before you continue reading novels on trains',
    'The captcha and its discontents',
    'Cookies with oats and raisins',
    'Privacy settings that matter in 2024',
    '',
  ]
  test.each(PAGES)('%p is a page', title => {
    expect(wall(title)).toBeUndefined()
  })

  test('a page that calls itself an article is one, whatever its title', () => {
    expect(wall('Access denied', ASKED, '<meta property="og:type" content="article">')).toBeUndefined()
    const article = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    expect(wall('Are you a robot?', ASKED, article)).toBeUndefined()
  })

  test('a title in og:title alone counts as well', () => {
    expect(wall('', ASKED, '<meta property="og:title" content="Just a moment...">')).toBe('robot_check')
  })
})

describe('a wall is told from a page about walls by the text', () => {
  const TITLES = [
    '429 Too Many Requests - HTTP | Reference',
    '403 Forbidden - HTTP',
    '503 Service Unavailable - HTTP',
    'CAPTCHA alternatives for small shops',
    'React tutorial, part 3 | Login page',
    'Just a Moment - Album by Rosa Alves',
    'Cookie Consent | How it works',
  ]
  const text = '<p>A long and sensible text about it, with many words. </p>'.repeat(12)
  test.each(TITLES)('%p is a page with a text of its own', title => {
    expect(wall(title, ASKED, `<body>${text}`)).toBeUndefined()
  })

  test('what stands around a text is none', () => {
    const around = ['nav', 'form', 'footer', 'script', 'noscript']
      .map(tag => `<${tag}>${text}</${tag}>`)
      .join('')
    expect(wall('Sign in', ASKED, `<body>${around}<a>${text}</a><p>Welcome back.</p>`)).toBe('login')
  })

  const WALLS: [string, Wall][] = [
    ["Making sure you're not a bot!", 'robot_check'],
    ['Making sure you&#39;re not a bot!', 'robot_check'],
    ['Robot or human?', 'robot_check'],
    ['Client Challenge', 'robot_check'],
    ['Vercel Security Checkpoint', 'robot_check'],
    ['Sorry, you have been blocked', 'refusal'],
    ['Nur einen Moment…', 'robot_check'],
  ]
  test.each(WALLS)('%p is a wall', (title, kind) => {
    expect(wall(title, ASKED, '<body><p>Please enable JavaScript.</p>')).toBe(kind)
  })
})

describe('a challenge is known by its marks, whatever its title and text', () => {
  const text = '<p>You are seeing this because the administrator has set up a check. </p>'.repeat(12)
  const MARKS = [
    '<script id="anubis_challenge" type="application/json">{}</script>',
    '<script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>',
    '<div id="challenge-error-text">Enable JavaScript</div>',
    '<script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=1"></script>',
    '<div id="px-captcha"></div>',
    '<script src="https://ct.captcha-delivery.com/c.js"></script>',
  ]
  test.each(MARKS)('%p', mark => {
    expect(wall('Example', ASKED, `<body>${mark}${text}`)).toBe('robot_check')
  })

  test('in its head', () => {
    expect(wallInHeaders(new Headers({ 'cf-mitigated': 'challenge' }))).toBe('robot_check')
    expect(wallInHeaders(new Headers({ 'x-vercel-mitigated': 'Challenge' }))).toBe('robot_check')
    expect(wallInHeaders(new Headers({ 'cf-ray': 'challenge' }))).toBeUndefined()
  })

  test('and ordinary scripts of the same makers are none', () => {
    const script = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    expect(wall('Example', ASKED, script)).toBeUndefined()
  })
})

describe('a wall is told from a page by where the request ended', () => {
  const PLACES: [string, Wall | undefined][] = [
    ['https://example.com/login?next=/story', 'login'],
    ['https://example.com/users/sign_in', undefined],
    ['https://example.com/users/sign-in', 'login'],
    ['https://example.com/wp-login.php', 'login'],
    ['https://www.linkedin.example/authwall', 'login'],
    ['https://example.com/cookie-consent', 'consent'],
    ['https://consent.youtube.com/m?continue=x', 'consent'],
    ['https://www.google.com/sorry/index', 'robot_check'],
    ['https://example.com/story-2', undefined],
    ['https://example.com/login-screens-that-people-love', undefined],
  ]
  test.each(PLACES)('%p', (url, kind) => {
    expect(wall('A story', url)).toBe(kind as Wall)
  })

  test('not when it was asked for', () => {
    const asked = 'https://example.com/login'
    const tags = readPageTags('<title>A story</title>')
    expect(wallOf({ url: asked, tags }, asked)).toBeUndefined()
  })
})
