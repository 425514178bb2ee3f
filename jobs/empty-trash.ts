// Daily: what was removed longer than TRASH_DAYS ago goes for good, so much a statement that no lock is held for long.
// Contents that nobody has any more go by drop-old-rows.
import { handle } from '../src/handler.ts'
import { dropDeletedBookmarks } from '../src/library/collections/bookmarks/store.ts'
import { emptyTrashes } from '../src/library/trash/jobs.ts'
import { dropOldTrash } from '../src/library/trash/store.ts'

const THINGS_A_STATEMENT = 1000

export default handle(emptyTrashes, {
  async run([_], { config, database: { sql }, log }) {
    let things = 0
    for (const drop of [dropOldTrash, dropDeletedBookmarks]) {
      for (let gone = THINGS_A_STATEMENT; gone === THINGS_A_STATEMENT; things += gone) {
        gone = await drop(sql, config.TRASH_DAYS, THINGS_A_STATEMENT)
      }
    }
    if (things > 0) log.info('The trash was emptied of what is old', { things })
    return [async () => {}]
  },
})
