// Whether a path stays inside a folder, whatever its links lead to.
import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/**
 * Where `path` is, seen from `folder`, with all links followed. What is not there yet is taken as a folder to be made.
 * @returns undefined when that is not inside of the folder, or can be no folder
 */
export function insideFolder(folder: string, path: string): string | undefined {
  if (path.split(/[\\/]/).includes('..')) return undefined
  const root = realPlace(resolve(folder))
  const place = root && realPlace(resolve(folder, path))
  if (!place) return undefined
  const way = relative(root, place)
  const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  return isInside ? place : undefined
}

/** The path with the links of its deepest existing part followed; undefined where that is no folder. */
function realPlace(path: string): string | undefined {
  try {
    const place = realpathSync(path)
    return statSync(place).isDirectory() ? place : undefined
  } catch (error) {
    const parent = dirname(path)
    // A link that leads nowhere leads wherever somebody makes what it names.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path || isThere(path))
      return undefined
    const place = realPlace(parent)
    return place && join(place, path.slice(parent.length))
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}
