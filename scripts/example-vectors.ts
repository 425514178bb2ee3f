// Embeds the written examples of the local analyser: `bun scripts/example-vectors.ts`. Commit the file with the examples.
import { writeFileSync } from 'node:fs'
import { EXAMPLES } from '../src/models/local/classify.ts'
import { EXAMPLE_VECTORS } from '../src/models/local/example-vectors.ts'
import { encodeSentences } from '../src/models/local/sentence-encoder.ts'

const vectors = await encodeSentences(EXAMPLES)
const numbers = vectors.flatMap((vector, at) => {
  if (!vector) throw new Error(`The model does not know the words of ${EXAMPLES[at]}`)
  return [...vector]
})
const bytes = Buffer.alloc(4 * numbers.length)
for (const [at, number] of numbers.entries()) bytes.writeFloatLE(number, 4 * at)
writeFileSync(EXAMPLE_VECTORS, bytes)
console.log(`${bytes.length} bytes`)
