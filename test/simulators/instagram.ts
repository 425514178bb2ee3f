// Instagram's side of the simulator: the pages of posts with their tags, oEmbed, and the login wall.
import { escapeHtml, type Post, pick, publishedAt } from './content.ts'
import { type Answer, html, json } from './youtube.ts'

/** `GET /p/ID/`, `/reel/ID/` or `/tv/ID/`: author, date and caption are packed into two tags, as Instagram does. */
export function postPage(post: Post | undefined, base: string): Answer {
  if (!post)
    return html(404, '<!DOCTYPE html><html><head><title>Page not found • Instagram</title></head></html>')
  const day = new Date(publishedAt(post.shortcode))
  const written = day.toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
  const likes = post.likes.toLocaleString('en-US')
  const comments = pick(`comments ${post.shortcode}`, 400)
  const title = `${nameOf(post)} on Instagram: "${post.caption}"`
  const description = `${likes} likes, ${comments} comments - ${post.username} on ${written}: "${post.caption}". `
  const address = `https://www.instagram.com/${post.kind}/${post.shortcode}/`
  return html(
    200,
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta property="og:site_name" content="Instagram"><meta property="og:type" content="article">
<meta property="og:title" content="${escapeHtml(title)}"><meta property="og:url" content="${address}">
<meta property="og:description" content="${escapeHtml(description)}">
<meta property="og:image" content="${base}/vi/${post.shortcode}/hqdefault.jpg">
<meta name="twitter:card" content="summary_large_image"><meta name="twitter:title" content="${escapeHtml(title)}">
</head><body></body></html>`,
  )
}

export function instagramOembed(post: Post | undefined, base: string): Answer {
  if (!post) return json(400, { error: { message: 'Media Not Found', type: 'OAuthException', code: 24 } })
  return json(200, {
    version: '1.0',
    title: post.caption,
    author_name: post.username,
    type: 'rich',
    provider_name: 'Instagram',
    provider_url: 'https://www.instagram.com/',
    thumbnail_url: `${base}/vi/${post.shortcode}/hqdefault.jpg`,
    html: '<blockquote class="instagram-media"></blockquote>',
  })
}

export const BAD_TOKEN = json(400, {
  error: { message: 'Invalid OAuth access token.', type: 'OAuthException', code: 190 },
})

export const LOGIN_PAGE = html(
  200,
  `<!DOCTYPE html><html><head><title>Login • Instagram</title><meta property="og:site_name" content="Instagram">
<meta property="og:title" content="Instagram"><meta name="description" content="Create an account or log in to Instagram"></head></html>`,
)

export function redirectToLogin(path: string): Answer {
  return { ...html(302, ''), location: `/accounts/login/?next=${encodeURIComponent(path)}` }
}

/** `casa.da.rosa` is shown as `Casa Da Rosa`. */
function nameOf(post: Post): string {
  const words = post.username.split(/[._]/)
  return words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
