// What is held open for a client waits for none that does not read.
import { expect, test } from 'bun:test'
import { streamText, Unread } from '../../src/accounts/privacy/export/stream-text.ts'

const ended = () => Promise.withResolvers<unknown>()

test('a body that nobody takes ends after a while, and so does one that is taken too slowly', async () => {
  for (const patience of [
    { stallMs: 20, mostMs: 60_000 },
    { stallMs: 60_000, mostMs: 20 },
  ]) {
    const over = ended()
    const body = await streamText(
      async send => {
        for (;;) await send('x')
      },
      patience,
      over.resolve,
    )
    expect(await over.promise).toBeInstanceOf(Unread)
    expect(new Response(body).text()).rejects.toBeInstanceOf(Unread)
  }
})

test('what fails before anything is sent fails the request, and later the body', async () => {
  const patience = { stallMs: 1000, mostMs: 1000 }
  const failed = new Error('away')
  const early = ended()
  const begun = streamText(() => Promise.reject(failed), patience, early.resolve)
  expect(begun).rejects.toBe(failed)
  expect(await early.promise).toBe(failed)
  const late = ended()
  const body = await streamText(
    async send => {
      await send('a')
      throw failed
    },
    patience,
    late.resolve,
  )
  expect(new Response(body).text()).rejects.toBe(failed)
  expect(await late.promise).toBe(failed)
})

test('a body that is taken is all that was sent, in one piece for each', async () => {
  const over = ended()
  const body = await streamText(
    async send => {
      for (const text of ['a', 'b', 'ü']) await send(text)
    },
    { stallMs: 1000, mostMs: 1000 },
    over.resolve,
  )
  expect(await new Response(body).text()).toBe('abü')
  expect(await over.promise).toBeUndefined()
})
