export interface FetchLimits {
  /** From the call to the last byte, all redirects and waiting included. */
  timeout_ms: number
  /** A redirect's part of it, until the connection stands: name, TCP and TLS. */
  connect_ms: number
  /** Of a body, before and after it is decompressed. */
  max_bytes: number
  max_header_bytes: number
  max_redirects: number
  /** How much of the answer to a `post` is read. */
  post_answer_bytes: number
  /** Requests at once to one host, of them for one asker, and how many more may wait for their turn. */
  host_requests: number
  host_requests_each: number
  host_waiting: number
  /** The longest `Retry-After` that is heeded. */
  max_retry_after_seconds: number
}

export const FETCH_LIMITS: FetchLimits = {
  timeout_ms: 15_000,
  connect_ms: 5_000,
  max_bytes: 5_000_000,
  max_header_bytes: 32_768,
  max_redirects: 5,
  post_answer_bytes: 4_096,
  host_requests: 4,
  host_requests_each: 2,
  host_waiting: 100,
  max_retry_after_seconds: 600,
}
