import { v7 as uuidv7 } from 'uuid'
import { atOneMoment } from '../../ground/database/together.ts'
import { invalidField, notFound } from '../../ground/http/problems.ts'
import { route } from '../../route.ts'
import {
  ClientAnswer,
  ClientBody,
  ClientChanges,
  ClientParams,
  ClientsAnswer,
  ClientsQuery,
  MadeClientAnswer,
  RotatedClientAnswer,
} from './schema.ts'
import { apiKeys, makeSecrets } from './secrets.ts'
import {
  type ClientRow,
  countClients,
  deleteClient,
  editClient,
  findClient,
  insertClient,
  isUser,
  listClients,
  rotateClient,
} from './store.ts'

const clientNotFound = notFound('Client not found')
const noSuchUser = invalidField('There is no such user', ['body', 'acts_as_user_id'], 'user')

const CLIENT = {
  client_id: '019a5c40-3c22-7e1d-8d66-7a1f9b2e4c38',
  client_name: 'Help desk',
  description: 'Answers from the knowledge base.',
  status: 'active' as const,
  permissions: ['use_chat' as const],
  acts_as_user_id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  require_signature: false,
  key_prefix: 'trv_AZpcQDwifh2N',
  expires_at: null,
  last_used_at: null,
  created_at: '2026-01-15T09:12:44.120Z',
  updated_at: '2026-01-15T09:12:44.120Z',
}
const SECRETS = {
  client_secret: 'trs_d2hhdCBzaWducyByZXF1ZXN0cyBpcyBzaG93biBvbmNl',
  api_key: `${apiKeys.prefix}AZpcQDwifh2NZnofmy5MOHdoYXQgY2FsbHMgaXMgc2hvd24gdGhpcyBvbmNlLi4`,
}

const shown = <Row extends ClientRow>({ id, name, is_active, ...row }: Row) => ({
  client_id: id,
  client_name: name,
  status: is_active ? ('active' as const) : ('disabled' as const),
  ...row,
})

/** Clients are the admins', all of them. */
const ADMINS = { tag: 'Administration', may: 'admin', in_person: true, reaches: 'everybody' } as const

const list = route(
  'GET /v1/integrations/clients',
  {
    ...ADMINS,
    id: 'listApiClients',
    summary: 'The programs that call with a key',
    description: 'The newest first, never their keys and secrets.',
    limit: 'clients_list',
    query: ClientsQuery,
    gives: { body: ClientsAnswer, text: 'A page of programs.', example: { clients: [CLIENT], total: 1 } },
  },
  async ({ sql, query: { page, per_page } }) => {
    const [clients, total] = await atOneMoment(sql, sql => [
      listClients(sql, per_page, (page - 1) * per_page),
      countClients(sql),
    ])
    return { clients: clients.map(shown), total }
  },
)

const make = route(
  'POST /v1/integrations/clients',
  {
    ...ADMINS,
    id: 'makeApiClient',
    summary: 'Let a program call',
    description: `It acts as a user, within its permissions and those of the user, and not in what only people may:
accounts, tokens, programs. It sends its key as \`X-API-Key\`, or signs each request by RFC 9421 with \`hmac-sha256\`: the
guide “Programs that call with a key” in docs/accounts.md shows how.`,
    limit: 'clients_create',
    body: ClientBody,
    example: { client_name: CLIENT.client_name, permissions: CLIENT.permissions },
    gives: {
      status: 201,
      body: MadeClientAnswer,
      text: 'The program, with its key and its secret, which are shown this once.',
      example: { ...CLIENT, ...SECRETS },
      location: ({ client_id }) => `/v1/integrations/clients/${client_id}`,
    },
    audit: { of: 'api_client', actions: ['make_client'] },
  },
  async ({ tx, user, body, context: { config }, audit }) => {
    const { client_name: name, acts_as_user_id = user.id, ...rest } = body
    if (acts_as_user_id !== user.id && !(await isUser(tx, acts_as_user_id))) throw noSuchUser()
    const id = uuidv7()
    const permissions = [...new Set(body.permissions)]
    const { shown: secrets, kept } = makeSecrets(config, id)
    const client = { ...rest, ...kept, id, name, permissions, acts_as_user_id, created_by: user.id }
    const made = await insertClient(tx, client)
    await audit(id, { client_name: name, permissions, acts_as_user_id })
    return { ...shown(made), ...secrets }
  },
)

const get = route(
  'GET /v1/integrations/clients/:id',
  {
    ...ADMINS,
    id: 'getApiClient',
    summary: 'One program that calls with a key',
    description: 'How it is set up, and when it called last.',
    limit: 'clients_list',
    params: ClientParams,
    gives: { body: ClientAnswer, text: 'The program, without its key and secret.', example: CLIENT },
    problems: [clientNotFound],
  },
  async ({ sql, params }) => {
    const client = await findClient(sql, params.id)
    if (!client) throw clientNotFound()
    return shown(client)
  },
)

const edit = route(
  'PATCH /v1/integrations/clients/:id',
  {
    ...ADMINS,
    id: 'editApiClient',
    summary: 'Change a program that calls with a key',
    description:
      'What is left out stays as it is. What it may no longer do counts at once, in every process.',
    limit: 'writes',
    params: ClientParams,
    body: ClientChanges,
    example: { status: 'disabled' },
    gives: {
      body: ClientAnswer,
      text: 'The program as it is now.',
      example: { ...CLIENT, status: 'disabled' as const },
    },
    problems: [clientNotFound],
    audit: { of: 'api_client', actions: ['edit_client'] },
  },
  async ({ tx, params, body, audit }) => {
    const { client_name: name, status, permissions, ...rest } = body
    if (rest.acts_as_user_id && !(await isUser(tx, rest.acts_as_user_id))) throw noSuchUser()
    const client = await editClient(tx, params.id, {
      ...rest,
      name,
      is_active: status && status === 'active',
      permissions: permissions && [...new Set(permissions)],
    })
    if (!client) throw clientNotFound()
    await audit(params.id, { fields: Object.keys(body) })
    return shown(client)
  },
)

const remove = route(
  'DELETE /v1/integrations/clients/:id',
  {
    ...ADMINS,
    id: 'removeApiClient',
    summary: 'Remove a program that calls with a key',
    description: 'Its keys and secrets count no more at once, those of before a rotation included.',
    limit: 'writes',
    params: ClientParams,
    gives: { text: 'The program is removed.' },
    problems: [clientNotFound],
    audit: { of: 'api_client', actions: ['remove_client'] },
  },
  async ({ tx, params, audit }) => {
    if (!(await deleteClient(tx, params.id))) throw clientNotFound()
    await audit(params.id)
  },
)

const rotate = route(
  'POST /v1/integrations/clients/:id/rotate-secret',
  {
    ...ADMINS,
    id: 'rotateApiClientSecret',
    summary: 'Give a program another key and secret',
    description:
      'Those of before count for 24 hours more, so that the program can be changed while it runs. Where they have leaked, remove the program instead.',
    limit: 'writes',
    params: ClientParams,
    gives: {
      body: RotatedClientAnswer,
      text: 'The program, with its new key and secret, which are shown this once.',
      example: { ...CLIENT, ...SECRETS, previous_until: '2026-01-16T09:12:44.120Z' },
    },
    problems: [clientNotFound],
    audit: { of: 'api_client', actions: ['rotate_client_secret'] },
  },
  async ({ tx, params, context: { config }, audit }) => {
    const { shown: secrets, kept } = makeSecrets(config, params.id)
    const client = await rotateClient(tx, params.id, kept)
    if (!client) throw clientNotFound()
    await audit(params.id)
    return { ...shown(client), ...secrets }
  },
)

export const clientRoutes = [list, make, get, edit, remove, rotate]
