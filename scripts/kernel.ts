// Builds the clustering kernel from its AssemblyScript source: `bun scripts/kernel.ts`. Commit both together.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

const FOLDER = new URL('../src/clustering/engine/kernel/', import.meta.url)

/**
 * The kernel's binary, built anew. The same source and compiler give the same bytes.
 * @throws when the source does not compile, with the compiler's words
 */
export async function buildKernel(): Promise<Uint8Array> {
  const source = readFileSync(new URL('kernel.ts', FOLDER), 'utf8')
  let binary: string | Uint8Array = ''
  const { error, stderr } = await main(
    ['kernel.ts', '--outFile', 'kernel.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
    {
      readFile: name => (name === 'kernel.ts' ? source : null),
      writeFile: (_name, contents) => {
        binary = contents
      },
      listFiles: () => null,
    },
  )
  if (error || typeof binary === 'string') throw new Error(`The kernel does not compile: ${stderr}`)
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const binary = await buildKernel()
  writeFileSync(new URL('kernel.wasm', FOLDER), binary)
  console.log(`${binary.length} bytes`)
}
