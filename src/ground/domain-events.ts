// What happens in one room and concerns others. Whoever makes it happen says so and knows nobody who cares; those stand in
// their own rooms, as listeners.
import type { Sql } from './database/connection.ts'
import type { Job, Queue } from './queue/queue.ts'

/** A kind of thing that happens, and what is known of it. */
export interface DomainEvent<Facts> {
  readonly name: string
  /** Only for the type. */
  readonly facts?: Facts
}

/** The names of those that clients hear of, by streams and webhooks. */
const told = new Set<string>()
export const toldEvents = (): string[] => [...told].sort()

export const defineEvent = <Facts>(name: string): DomainEvent<Facts> => ({ name })

/** An event of which clients hear under its name. */
export function defineToldEvent<Facts>(name: string): DomainEvent<Facts> {
  told.add(name)
  return { name }
}

export interface Listener<Context> {
  on: string
  // biome-ignore lint/suspicious/noExplicitAny: the registry holds listeners of any facts
  hear(tx: Sql, facts: any, context: Context): Promise<unknown> | undefined
}

/** Hears of an event in the transaction in which it happens, and so makes its own changes exactly when it is true. */
export const within = <Facts, Context>(
  { name }: DomainEvent<Facts>,
  hear: (tx: Sql, facts: Facts, context: Context) => Promise<unknown> | undefined,
): Listener<Context> => ({ on: name, hear })

/** Sends a job when an event has happened: for what takes time, or may fail by itself. */
export const later = <Facts, Payload extends object>(
  { name }: DomainEvent<Facts>,
  job: Job<Payload>,
  payloadOf: (facts: Facts) => Payload,
): Listener<{ queue: Queue }> => ({
  on: name,
  hear: (tx, facts, { queue }) => queue.enqueue(tx, job, payloadOf(facts)),
})

/**
 * Tells all listeners that something happens, one after the other in the order of their rooms, which is that of locks.
 */
export async function emit<Facts, Context extends { listeners: Listener<Context>[] }>(
  tx: Sql,
  context: Context,
  { name }: DomainEvent<Facts>,
  facts: Facts,
): Promise<void> {
  for (const { on, hear } of context.listeners) if (on === name) await hear(tx, facts, context)
}
