// What a signed request costs beside one with a key: the check of the signature alone, and whole requests in turn.
//   bun scripts/postgres.ts bun bench/accounts/signatures.ts [requests]   (inside `sh scripts/run.sh`)
import { readSignature } from '../../src/accounts/clients/signature.ts'
import { startTrove } from '../../test/support/app.ts'
import { addClient, signedRequest } from '../../test/support/programs.ts'
import { addUser } from '../../test/support/token.ts'

const count = Number(process.argv[2] ?? 2000)
const URL = 'http://localhost/v1/jobs?limit=20'

const trove = await startTrove()
const user = await addUser(trove.database.sql, trove.context.config.JWT_SECRET_KEY!)
const client = await addClient(trove.context, user.id)
const signed: Request[] = []
for (let i = 0; i < count; i++) signed.push(await signedRequest(client, 'GET', URL))

async function time(work: (i: number) => Promise<unknown>): Promise<string> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const began = performance.now()
    await work(i)
    if (i >= count / 10) times.push(performance.now() - began)
  }
  times.sort((a, b) => a - b)
  const at = (part: number) => `${times[Math.floor(times.length * part)]!.toFixed(3)} ms`
  return `p50 ${at(0.5)}, p95 ${at(0.95)}`
}

const ask = async (request: Request) => {
  const response = await trove.handle(request)
  if (response.status !== 200) throw new Error(`It answered ${response.status}`)
  await response.text()
}
const withKey = () => new Request(URL, { headers: { 'x-api-key': client.api_key } })
const withToken = () => new Request(URL, { headers: { authorization: `Bearer ${user.token}` } })
try {
  const check = (i: number) => readSignature(signed[i]!, async () => [client.client_secret])
  console.log('the signature alone    ', await time(check))
  console.log('a request with a token ', await time(() => ask(withToken())))
  console.log('a request with a key   ', await time(() => ask(withKey())))
  console.log('a signed request       ', await time(i => ask(signed[i]!)))
} finally {
  await trove.stop()
}
