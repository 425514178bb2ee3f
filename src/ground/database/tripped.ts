/**
 * Whether the database refused by a constraint. Of a distributed table a shard refuses, which has its number behind the
 * constraint's name (`users_email_taken_102008`), and may say it in the message alone.
 */
export function tripped(error: unknown, constraint: string): boolean {
  const { code, constraint_name, message } = (error ?? {}) as Record<string, string | undefined>
  if (code === undefined) return false
  const name = constraint_name ?? /constraint "([^"]+)"/.exec(message ?? '')?.[1]
  return name === constraint || name?.replace(/_\d+$/, '') === constraint
}
