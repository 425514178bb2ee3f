// Pages of the open web: articles and recipes with their tags, and what stands in front of pages.
import { createHash } from 'node:crypto'
import { type Answer, html } from './youtube.ts'

const PARAGRAPHS = [
  'Every spring the river rises by two metres, and the village moves its market to the upper square.',
  'The bakers come first, since their ovens stand on wheels, and after them the potters with their carts.',
  'By noon the square smells of rye and smoke, and nobody remembers that there ever was a river.',
  'Old people say that the water takes what it is owed, and brings it back in autumn, washed and sorted.',
]

const linked = (value: unknown) =>
  `<script type="application/ld+json">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`

const ARTICLE = `<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>The market on wheels | The Valley Post</title>
<meta property="og:type" content="article"><meta property="og:title" content="The market on wheels">
<meta property="og:description" content="How a village lives with its river."><meta property="og:site_name" content="The Valley Post">
<meta property="og:image" content="/small.jpg"><meta property="og:image:width" content="200"><meta property="og:image:height" content="100">
<meta property="og:image" content="/large.jpg"><meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<link rel="canonical" href="https://elsewhere.invalid/stolen">
${linked({
  '@context': 'https://schema.org',
  '@graph': [
    { '@type': 'WebPage', name: 'The Valley Post' },
    {
      '@type': 'NewsArticle',
      headline: 'The market on wheels',
      author: [
        { '@type': 'Person', name: 'Ana Reis' },
        { '@type': 'Person', name: 'Jo Marsh' },
      ],
      datePublished: '2024-04-02T08:30:00+01:00',
      keywords: ['rivers', 'markets'],
      inLanguage: 'en-GB',
    },
  ],
})}</head><body><nav><a href="/">Home</a> <a href="/about">About us</a></nav>
<article><h1>The market on wheels</h1>${PARAGRAPHS.map(text => `<p>${text}</p>`).join('')}</article>
<footer>Subscribe to our newsletter</footer></body></html>`

const RECIPE = `<!DOCTYPE html><html lang="en"><head><title>Rye bread - Our Daily Crumb</title>
<meta name="description" content="A dark loaf that keeps for a week."><meta name="author" content="ignored when JSON-LD knows">
${linked({
  '@type': ['Recipe'],
  name: 'Rye bread',
  author: { '@type': 'Person', name: 'Mikkel Holm' },
  image: [
    { '@type': 'ImageObject', url: '/bread-small.jpg', width: 300, height: 200 },
    { '@type': 'ImageObject', url: '/bread.jpg', width: '1600px', height: '900px' },
  ],
  totalTime: 'PT1H30M',
  keywords: 'rye, sourdough',
  recipeCategory: 'Bread',
})}</head><body><p>Mix, wait, bake.</p></body></html>`

const title = (text: string, body = '') =>
  `<!DOCTYPE html><html><head><title>${text}</title></head><body>${body}</body></html>`

const PAGES: Record<string, Answer> = {
  article: html(200, ARTICLE),
  recipe: html(200, RECIPE),
  plain: html(200, title('Notes of a gardener', '<p>Sow beans in May.</p>')),
  empty: html(200, '<!DOCTYPE html><html><head></head><body><div id="app"></div></body></html>'),
  login: html(200, title('Sign in', '<form><input type="password"></form>')),
  moved: { ...html(302, ''), location: '/web/login' },
  consent: html(200, title('Before you continue', '<form action="/save"></form>')),
  robot: html(200, title('Just a moment...')),
  'report-2024.pdf': { status: 200, type: 'application/pdf', body: Buffer.from('%PDF-1.7 \u0000') },
  'view%20of%20lisbon.jpg': { status: 200, type: 'image/jpeg', body: Buffer.from([255, 216, 255]) },
  unauthorised: html(401, title('Members only')),
  forbidden: html(403, title('Access denied')),
  busy: html(503, title('Service Unavailable')),
  gone: html(410, title('Gone')),
}

/** `GET /web/NAME`. */
export function webPage(pathname: string): Answer {
  return PAGES[pathname.slice('/web/'.length)] ?? html(404, title('Not Found'))
}

/** A page names what it says by a tag, so that it need not send it twice. */
export const etagOf = (body: string | Buffer): string =>
  `"${createHash('sha1').update(body).digest('base64url')}"`
