import type { Words } from '../../ground/http/openapi/words.ts'

/** What the parameters and fields of backups mean. */
export const backupWords: Words = {
  fields: {
    backups: 'The backups of this page.',
    'Backup.status': '`READY` when the file is whole and on the disk.',
    'BegunBackup.status': '`PENDING`, unless it was begun already.',
    bytes: 'The size of the file; null until it is written.',
    sha256: 'The SHA-256 of the file, in hex.',
    counts: 'How many rows it has of each table.',
    'Backup.created_by': 'The admin who asked for it.',
    'BegunBackup.created_by': 'The admin who asked for it.',
    verified_at: 'When it was last found whole.',
    finished_at: 'When it was written, or given up.',
    'Verification.valid': 'Whether the file is what was written.',
    'Verification.checks': 'What was looked at, in this order, until something was wrong.',
    check: '`file` is there, its `checksum` is right, its `rows` are as many as there were.',
    ok: 'Whether it is so.',
    job: 'The path of the job.',
  },
}
