/** What a status means here. */
export const STATUS_TEXTS: Record<number, string> = {
  304: 'Nothing has changed since the `ETag` that the client named. No body.',
  400: 'The request is malformed or repeats what is there.',
  401: 'There is no token, or it is not valid, or its user is gone.',
  403: 'Who asks may not do this, or must set a new password first.',
  404: 'There is no such thing, or it belongs to somebody else.',
  409: 'It conflicts with what is there, or the same request is still running.',
  412: '`If-Match` names an older version.',
  413: 'The body is larger than the route takes; `detail` says how much that is.',
  415: 'The body is not JSON.',
  422: 'A value breaks a rule, or a parameter or field is not known here; `field_errors` says which and where, of twenty at most.',
  429: 'Too many requests; `Retry-After` says when to come back.',
  500: 'Our mistake. It is in the log under the request id.',
  502: 'Another server, which the answer depends on, cannot be reached or does not answer as it should.',
  503: 'The database is away, or the server is starting or stopping.',
  504: 'A statement, or another server, took longer than this one waits.',
}
