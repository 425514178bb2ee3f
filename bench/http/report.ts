import type { Figures } from './load.ts'

const whole = (figure: number) => Math.round(figure).toLocaleString('en')

/** A route's table: each side, and how many times as many requests Trove on Bun and on Deno answer. */
export function describe(
  route: string,
  sides: Record<string, Figures>,
  goals: Record<string, number> = {},
): string {
  const [bun, deno] = Object.values(sides) as [Figures, Figures]
  const rows = Object.entries(sides).map(([name, { perSecond, cpu }]) => {
    const [onBun, onDeno] = [bun, deno].map(trove => (trove.perSecond / perSecond).toFixed(2))
    const goal = goals[name] === undefined ? '' : ` (goal ${goals[name]})`
    const cells = [name, whole(perSecond), Number.isNaN(cpu) ? '' : whole(cpu), `${onBun}${goal}`, onDeno]
    return `| ${cells.join(' | ')} |`
  })
  return [
    `| ${route} | a second | µs of its process | Trove on Bun / it | Trove on Deno / it |`,
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
