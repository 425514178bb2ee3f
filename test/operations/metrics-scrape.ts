// Reads Prometheus' text form, as far as Trove writes it.
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

export interface Family {
  type: string
  /** Names of its samples' labels but `le`, sorted. */
  labels: string[]
  series: number
}

/** The samples, and the families that have any; `value` is that of the first sample with these labels. */
export function readScrape(text: string) {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]))
  const samples = [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name, labels, value]): Sample => {
      const pairs = [...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, label, of]) => [label!, of!])
      return { name: name!, labels: Object.fromEntries(pairs), value: Number(value) }
    },
  )
  const familyOf = (name: string) => (types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''))
  const scrape = new Map<string, Family>()
  for (const { name, labels } of samples) {
    const family = familyOf(name)
    const before = scrape.get(family) ?? { type: types.get(family) ?? 'none', labels: [], series: 0 }
    const names = Object.keys(labels).filter(label => label !== 'le')
    scrape.set(family, {
      ...before,
      labels: [...new Set([...before.labels, ...names])].sort(),
      series: before.series + 1,
    })
  }
  const value = (name: string, labels: Record<string, string> = {}): number => {
    const wanted = Object.entries(labels)
    return (
      samples.find(it => it.name === name && wanted.every(([label, of]) => it.labels[label] === of))?.value ??
      Number.NaN
    )
  }
  return { scrape, samples, value }
}
