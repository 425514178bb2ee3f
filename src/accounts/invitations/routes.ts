import { v7 as uuidv7 } from 'uuid'
import * as v from 'valibot'
import { atOneMoment } from '../../ground/database/together.ts'
import { originOf } from '../../ground/http/edge/origin.ts'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { pagingAnswer, pagingQuery } from '../../ground/http/paging.ts'
import { notFound } from '../../ground/http/problems.ts'
import { Id, Time } from '../../ground/http/schemas.ts'
import { route } from '../../route.ts'
import { hashOf } from '../admission/shown-once.ts'
import { Email, RoleName } from '../schema.ts'
import { GivenRole } from '../users/schema.ts'
import { countInvitations, deleteInvitation, insertInvitation, listInvitations } from './store.ts'
import { invitationTokens } from './tokens.ts'

const InvitationBody = v.object({
  email: v.optional(v.nullable(Email), null),
  role: v.optional(GivenRole, 'normal'),
})
const InvitationAnswer = v.object({
  id: Id,
  email: v.nullable(v.string()),
  role: RoleName,
  created_by: Id,
  expires_at: Time,
  used_at: v.nullable(Time),
  created_at: Time,
})
const InvitedAnswer = v.object({ ...InvitationAnswer.entries, token: v.string(), invite_url: v.string() })
const InvitationsAnswer = v.object({ invitations: v.array(InvitationAnswer), ...pagingAnswer })

nameSchemas({
  NewInvitation: InvitationBody,
  Invitation: InvitationAnswer,
  Invited: InvitedAnswer,
  Invitations: InvitationsAnswer,
})

const INVITATION = {
  id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c03',
  email: 'bob@example.com',
  role: 'normal' as const,
  created_by: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  expires_at: '2026-01-22T09:12:44.120Z',
  used_at: null,
  created_at: '2026-01-15T09:12:44.120Z',
}
const TOKEN = 'tri_AZpcPnwRekCLUj8dnmoMA5ljM0k2cVhqUXZaR1dUa0FyTmZ3Zw'

const invitationNotFound = notFound('Invitation not found')

/** Invitations are the admins', all of them. */
const ADMINS = { tag: 'Administration', may: 'admin', in_person: true, reaches: 'everybody' } as const

const list = route(
  'GET /v1/invitations',
  {
    ...ADMINS,
    id: 'listInvitations',
    summary: 'Who was invited',
    description: 'Invitations of the last 30 days, the newest first, used or not.',
    limit: 'default',
    paged: 'text',
    query: v.object(pagingQuery()),
    gives: {
      body: InvitationsAnswer,
      text: 'A page of invitations.',
      example: {
        invitations: [INVITATION],
        total: 1,
        limit: 20,
        offset: 0,
        has_more: false,
        next_cursor: null,
      },
    },
  },
  async ({ sql, page }) => {
    const [found, total] = await atOneMoment(sql, sql => [listInvitations(sql, page), countInvitations(sql)])
    const { rows, paging } = page.of(found)
    return { invitations: rows, total, ...paging }
  },
)

const invite = route(
  'POST /v1/invitations',
  {
    ...ADMINS,
    id: 'invite',
    summary: 'Invite somebody',
    description:
      'The link makes one account, within seven days and while you are an admin, for this email where one is given. It is shown this once: hand it over yourself.',
    limit: 'users_create',
    body: InvitationBody,
    example: { email: 'bob@example.com' },
    gives: {
      status: 201,
      body: InvitedAnswer,
      text: 'The invitation and its link.',
      example: {
        ...INVITATION,
        token: TOKEN,
        invite_url: `https://trove.example.com/library#invitation=${TOKEN}`,
      },
    },
    audit: { of: 'invitation', actions: ['invite'] },
  },
  async ({ tx, body, user, request, context: { config }, audit }) => {
    const id = uuidv7()
    const token = invitationTokens.make(id)
    const { email, role } = body
    const row = await insertInvitation(tx, {
      ...{ id, email, role, token_hash: hashOf(token) },
      created_by: user.id,
    })
    await audit(id, { role })
    const origin = config.PUBLIC_URL ?? originOf(request)
    return { ...row, token, invite_url: `${origin}/library#invitation=${token}` }
  },
)

const takeBack = route(
  'DELETE /v1/invitations/:id',
  {
    ...ADMINS,
    id: 'deleteInvitation',
    summary: 'Take an invitation back',
    description: 'Its link makes no account any more.',
    limit: 'writes',
    params: v.object({ id: Id }),
    gives: { text: 'It is gone.' },
    problems: [invitationNotFound],
    audit: { of: 'invitation', actions: ['invitation_deleted'] },
  },
  async ({ tx, params: { id }, audit }) => {
    if (!(await deleteInvitation(tx, id))) throw invitationNotFound()
    await audit(id)
  },
)

export const invitationRoutes = [list, invite, takeBack]
