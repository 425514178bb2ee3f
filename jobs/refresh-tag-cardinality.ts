// Daily: how much there is of each tag.

import { handle } from '../src/handler.ts'
import { refreshTagCardinality } from '../src/library/tags/jobs.ts'
import { countUses } from '../src/library/tags/popular/store.ts'

export default handle(refreshTagCardinality, {
  async run() {
    return [tx => countUses(tx)]
  },
})
