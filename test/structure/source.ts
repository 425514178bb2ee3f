// A file of the project as the rules of its structure see it.
import { join, normalize } from 'node:path'

export interface Source {
  path: string
  text: string
  /** Without comments and types. */
  code: string
  /** Project paths; packages stay as they are named. */
  imports: { target: string; typeOnly: boolean }[]
}

// The value of NODE_ENV would be put in its place, and the reading of it missed.
const transpiler = new Bun.Transpiler({
  loader: 'ts',
  define: { 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
})

/** Reads a TypeScript or SQL file; its path is relative to the project. */
export function source(path: string, text: string): Source {
  if (path.endsWith('.sql')) {
    return { path, text, code: text.replace(/--.*|\/\*[\s\S]*?\*\//g, ''), imports: [] }
  }
  const statement =
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w$*{][\w\s$*{},]*?\s*from\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm
  const imports = [...text.matchAll(statement)].map(([, type, named, lazy]) => ({
    target: resolve(path, named ?? lazy ?? ''),
    typeOnly: type !== undefined,
  }))
  return { path, text, code: transpiler.transformSync(text), imports }
}

function resolve(from: string, name: string): string {
  if (name.startsWith('#jobs/')) return `jobs/${name.slice('#jobs/'.length)}.ts`
  return name.startsWith('.') ? join(from, '..', normalize(name)) : name
}
