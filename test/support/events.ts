// A client of GET /v1/events: reads Server-Sent Events one by one.
export interface ReadEvent {
  id: number | undefined
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it reads
  data: any
}

export interface EventReader {
  status: number
  /** The next event; undefined when the stream has ended. Comments are passed over. */
  next(): Promise<ReadEvent | undefined>
  close(): Promise<void>
}

/** @param lastId the id of the last event that was seen; without it the stream begins now. */
export async function openEvents(
  answer: (request: Request) => Response | Promise<Response>,
  { token, lastId, base = 'http://localhost' }: { token: string; lastId?: number | string; base?: string },
): Promise<EventReader> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastId === undefined ? {} : { 'last-event-id': String(lastId) }),
  }
  const response = await answer(new Request(`${base}/v1/events`, { headers }))
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  // The server has answered when its first line is there.
  const more = async (): Promise<boolean> => {
    const { done, value } = await reader.read()
    if (!done) text += decoder.decode(value, { stream: true })
    return !done
  }
  if (response.status === 200) await more()

  return {
    status: response.status,
    close: () => reader.cancel(),
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end < 0) {
          if (!(await more())) return undefined
          continue
        }
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        const data = field('data')
        if (data === undefined) continue
        const id = field('id')
        return {
          id: id === undefined ? undefined : Number(id),
          type: field('event')!,
          data: JSON.parse(data),
        }
      }
    },
  }
}
