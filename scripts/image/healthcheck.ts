// The image's health check: exits 0 when the server in this container is ready for requests, else 1.
import process from 'node:process'

const { PORT, ALLOWED_HOSTS } = process.env

// A server that answers to certain names only is asked by one of them.
const [name = ''] = (ALLOWED_HOSTS ?? '').split(',').filter(each => each.trim())
const host = name.trim().replace(/^\*\.?/, 'health.')

async function isReady(): Promise<boolean> {
  try {
    const headers: Record<string, string> = host === '' ? {} : { host }
    return (await fetch(`http://127.0.0.1:${PORT || 3000}/ready`, { headers })).ok
  } catch {
    return false
  }
}

process.exit((await isReady()) ? 0 : 1)
