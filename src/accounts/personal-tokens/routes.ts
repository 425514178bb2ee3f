import { v7 as uuidv7 } from 'uuid'
import { problem } from '../../ground/http/problem.ts'
import { notFound } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'
import { hashOf } from '../admission/shown-once.ts'
import { personalTokens } from './by-token.ts'
import { MadeTokenAnswer, TokenBody, TokenParams, TokensAnswer } from './schema.ts'
import { countTokensAlone, deleteToken, insertToken, listTokens } from './store.ts'

const MOST_TOKENS = 50

const tooManyTokens = problem(
  409,
  'TOO_MANY_TOKENS',
  `You have ${MOST_TOKENS} tokens already. Revoke one that you do not need.`,
)
const tokenNotFound = notFound('Token not found')

const TOKEN = {
  id: '019a5c40-2b11-7d0c-9c55-6f0e8a1d3b27',
  name: 'Browser extension',
  scopes: ['save' as const],
  expires_at: null,
  last_used_at: null,
  created_at: '2026-01-15T09:12:44.120Z',
}

const list = route(
  'GET /v1/auth/tokens',
  {
    id: 'listPersonalTokens',
    tag: 'Accounts',
    summary: 'The tokens of your programs',
    description:
      'Newest first, never the tokens themselves. One that has ended stays here until you revoke it.',
    may: 'read',
    in_person: true,
    limit: 'default',
    gives: { body: TokensAnswer, text: 'Your tokens.', example: { tokens: [TOKEN], total: 1 } },
  },
  async ({ sql, user }) => {
    const tokens = await listTokens(sql, user.id)
    return { tokens, total: tokens.length }
  },
)

const make = route(
  'POST /v1/auth/tokens',
  {
    id: 'makePersonalToken',
    tag: 'Accounts',
    summary: 'Make a token for a program of yours',
    description: `For a script, a browser extension or a phone, which then needs no password of yours. It may do what its
scopes say and no more, never what only you may: change the account, its password or its tokens. You may have
${MOST_TOKENS}.`,
    may: 'write',
    in_person: true,
    limit: 'writes',
    body: TokenBody,
    example: { name: TOKEN.name, scopes: TOKEN.scopes },
    gives: {
      status: 201,
      body: MadeTokenAnswer,
      text: 'The token, which is shown this once.',
      example: {
        ...TOKEN,
        token: personalTokens.prefix + 'AZpcPnwRekCLUj8dnmoMAQGaXEArEX0MnFVvDoodOyfh'.repeat(2),
      },
    },
    problems: [tooManyTokens],
    audit: { of: 'personal_token', actions: ['make_token'] },
  },
  async ({ tx, user, body, audit }) => {
    if ((await countTokensAlone(tx, user.id)) >= MOST_TOKENS) throw tooManyTokens()
    const id = uuidv7()
    const token = personalTokens.make(user.id, id)
    const scopes = [...new Set(body.scopes)]
    const made = await insertToken(tx, { user_id: user.id, id, ...body, scopes, token_hash: hashOf(token) })
    await audit(id, { scopes })
    return { ...made, token }
  },
)

const revoke = route(
  'DELETE /v1/auth/tokens/:id',
  {
    id: 'revokePersonalToken',
    tag: 'Accounts',
    summary: 'Revoke a token of a program',
    description: 'It counts no more at once, in every process.',
    may: 'write',
    in_person: true,
    limit: 'writes',
    params: TokenParams,
    gives: { text: 'The token counts no more.' },
    problems: [tokenNotFound],
    audit: { of: 'personal_token', actions: ['revoke_personal_token'] },
  },
  async ({ tx, user, params, audit }) => {
    if (!(await deleteToken(tx, user.id, params.id))) throw tokenNotFound()
    await audit(params.id)
  },
)

export const personalTokenRoutes = [list, make, revoke]
