// What a route may refuse because of what else it says of itself.
import type { ProblemKind } from './problem.ts'
import * as problems from './problems.ts'
import type { Route } from './route.ts'

/** In the order in which the document shows them, where there are two of one status. */
export function impliedProblems({ says }: Route): ProblemKind[] {
  return [
    ...(says.may === 'anybody' ? [] : [problems.unauthorized, problems.forbidden]),
    ...(says.may === 'anybody' || says.before_password_change ? [] : [problems.passwordChangeRequired]),
    ...(says.body ? [problems.malformedBody, problems.bodyTooLarge, problems.unsupportedMediaType] : []),
    problems.invalidRequest,
    ...(says.paged ? [problems.invalidCursor] : []),
    ...(says.once ? [problems.keyInUse, problems.keyReused] : []),
    ...(says.guarded ? [problems.staleETag] : []),
    ...(says.limit === 'none' ? [] : [problems.rateLimitExceeded]),
    problems.internalError,
    problems.databaseUnavailable,
    problems.statementTimeout,
  ]
}
