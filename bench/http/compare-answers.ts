// All servers must say the same before their speed is compared.
import { isDeepStrictEqual } from 'node:util'
import { type Route, wordsOf } from './load.ts'
import type { Server } from './servers.ts'

/** @throws when a server answers a route otherwise than the first one does */
export async function compareAnswers(servers: Server[], route: Route): Promise<void> {
  const answers = []
  for (const server of servers) answers.push(await ask(server, route))
  for (const [i, answer] of answers.entries()) {
    if (isDeepStrictEqual(answer, answers[0])) continue
    const [first, other] = [answers[0], answer].map(each => JSON.stringify(each).slice(0, 2000))
    throw new Error(`${route.name}: ${servers[i]!.name} says\n${other}\nand ${servers[0]!.name}\n${first}`)
  }
}

async function ask({ base }: Server, { path, headers, script }: Route) {
  if (script?.[0] !== 'save.lua') {
    const answer = await fetch(base + path, { headers })
    const text = await answer.text()
    return { status: answer.status, body: text && JSON.parse(text, withoutView) }
  }
  const [begin] = wordsOf(script)
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ url: `https://www.youtube.com/watch?v=${begin}0000000` }),
  })
  return { status: answer.status, body: withoutOwn(await answer.json()) }
}

/** Whoever was asked before has noted that somebody looked. */
const withoutView = (name: string, value: unknown) => (name === 'last_viewed_at' ? null : value)

/** Ids, times and links are those of one save alone. */
function withoutOwn(saved: unknown): unknown {
  return JSON.parse(
    JSON.stringify(saved)
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'id')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
      .replace(/v=[\w-]{11}/g, 'video'),
  )
}
