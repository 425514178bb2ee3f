// Days of UTC, as 2026-01-15.

const A_DAY = 86_400_000

export const dayAt = (time: number): string => new Date(time).toISOString().slice(0, 10)

export const startOf = (day: string): string => `${day}T00:00:00.000Z`

/** The day so many days later, or earlier. */
export const daysFrom = (day: string, days: number): string => dayAt(Date.parse(day) + days * A_DAY)

/** The first of so many days, of which today is the last. */
export const firstOf = (days: number): string => daysFrom(dayAt(Date.now()), 1 - days)
