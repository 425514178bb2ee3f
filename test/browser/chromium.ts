// A real browser, from the machine's own packages (scripts/install-chromium.sh).
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** CHROMIUM_PATH, or where Debian puts it, or what the shell finds; undefined when there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  if (named) return existsSync(named) ? named : undefined
  if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium'
  return Bun.which('chromium') ?? undefined
}

/** Starts it with an empty profile of its own, which goes when it is closed. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS })
