import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

/** Where Linux tells a container its limit: cgroup 2, then 1. */
const LIMIT_FILES = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']

/**
 * How many bytes this process may use before the system ends it: its container's limit, or the machine's memory when
 * there is none or it is more.
 */
export function memoryLimit(files = LIMIT_FILES): number {
  for (const file of files) {
    try {
      const limit = Number(readFileSync(file, 'utf8'))
      // "max" is no number: there is no limit.
      if (limit > 0) return Math.min(limit, totalmem())
    } catch {
      // There is no such file on this system.
    }
  }
  return totalmem()
}
