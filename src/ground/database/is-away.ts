/**
 * Postgres' "the server is away or going away" (SQLSTATE classes 08 and 57P), what the client makes of it, and what the
 * network says of a connection that is lost.
 */
const AWAY =
  /^(08...|57P0.|53300|25P03|CONNECTION_.*|CONNECT_TIMEOUT|ECONN.*|EPIPE|ENOENT|ETIMEDOUT|E(HOST|NET)UNREACH|ENOTFOUND|EAI_AGAIN)$/

/** Whether an error says that the database cannot be asked at present. */
export function isAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && AWAY.test(code)
}
