// npm run demo: two hundred real videos, saved through the API, understood, grouped, and shown.
// npm run demo -- --keep: the same, and then the library stays open until Ctrl-C.
import { once } from 'node:events'
import process from 'node:process'
import { onFirstSignal } from './command.ts'
import { type DemoLibrary, type DemoResult, runDemo } from './demo-flow.ts'

const EX_USAGE = 64
/** As a shell says it of what Ctrl-C has ended. */
const INTERRUPTED = 130

const VIDEOS = 200
const LEAST_CLUSTERS = 5
const BAR = 40

const out = (line = '') => process.stdout.write(`${line}\n`)
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text)
const faint = (text: string) => (process.stdout.isTTY ? `\x1b[2m${text}\x1b[0m` : text)
const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

let lastStage = ''
function showProgress(stage: string, done: number, of: number): void {
  if (!process.stdout.isTTY && done < of) return
  const isNew = stage !== lastStage
  lastStage = stage
  const filled = Math.round((done / of) * BAR)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled)
  process.stdout.write(`${isNew ? '\n' : '\r'}  ${stage.padEnd(6)} ${bar} ${done}/${of}`)
}

function showResult(result: DemoResult): void {
  out('\n')
  out(bold('  By category'))
  const most = Math.max(...result.groups.map(({ count }) => count))
  for (const { category, count } of result.groups) {
    out(
      `  ${category.padEnd(14)} ${String(count).padStart(4)}  ${'▪'.repeat(Math.ceil((count / most) * BAR))}`,
    )
  }
  out()
  out(bold(`  ${result.clusters.length} clusters`))
  for (const cluster of result.clusters) {
    out(
      `  ${bold(cut(cluster.label, 40).padEnd(40))} ${String(cluster.item_count).padStart(4)}  ${cluster.cluster_type}`,
    )
    for (const { title } of cluster.sample_items) out(faint(`      ${cut(title ?? '', 84)}`))
  }
  out()
  out(bold(`  Like “${cut(result.similar.of, 70)}”`))
  for (const { title, similarity_score } of result.similar.titles) {
    out(`  ${similarity_score.toFixed(2)}  ${cut(title, 80)}`)
  }
  out()
}

function whatIsMissing(result: DemoResult): string[] {
  const missing: string[] = []
  if (result.ready !== VIDEOS)
    missing.push(`${VIDEOS - result.ready} videos are not READY (${result.failed} FAILED)`)
  if (result.clusters.length < LEAST_CLUSTERS) {
    missing.push(`only ${result.clusters.length} clusters, fewer than ${LEAST_CLUSTERS}`)
  }
  const unnamed = result.clusters.filter(({ label }) => !/\p{L}{3}/u.test(label))
  if (unnamed.length > 0) missing.push(`${unnamed.length} clusters have no readable label`)
  if (result.similar.titles.length === 0) missing.push('no similar items')
  return missing
}

function showLibrary({ base, email, password }: DemoLibrary): void {
  out(bold('  The library is open'))
  out(`  Address    ${base}/library`)
  out(`  Email      ${email}`)
  out(`  Password   ${password}`)
  out()
  out('  YouTube and Instagram are simulated, and all is gone when you press Ctrl-C.')
  out()
}

const words = process.argv.slice(2)
if (words.some(word => word !== '--keep')) {
  out('npm run demo            saves 200 videos, shows what became of them, and leaves nothing behind')
  out('npm run demo -- --keep  the same, and leaves the library open until Ctrl-C; PORT says where')
  process.exit(words.every(word => ['--keep', '--help', '-h'].includes(word)) ? 0 : EX_USAGE)
}
const isKept = words.length > 0
const ending = new AbortController()
onFirstSignal(() => ending.abort())

try {
  out('Trove demo: starting a server, an empty database and a simulated YouTube on this machine.')
  const { PORT } = process.env
  const result = await runDemo({
    videos: VIDEOS,
    settings: isKept && PORT ? { PORT } : {},
    onProgress: showProgress,
    signal: ending.signal,
    onFilled: async (library, result) => {
      showResult(result)
      if (!isKept) return
      showLibrary(library)
      if (!ending.signal.aborted) await once(ending.signal, 'abort')
      out('  Stopping, and removing the library.')
    },
  })
  const missing = whatIsMissing(result)
  for (const problem of missing) out(`  Missing: ${problem}`)
  process.exitCode = missing.length > 0 ? 1 : 0
} catch (error) {
  out(ending.signal.aborted ? '\nStopped.' : `\nThe demo failed: ${(error as Error).message}`)
  process.exitCode = ending.signal.aborted ? INTERRUPTED : 1
}
