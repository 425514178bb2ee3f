import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atLeast, atMost, Id, list, queryInteger, StorableText, Time } from '../../ground/http/schemas.ts'
import { CLIENT_PERMISSIONS } from '../permissions.ts'
import { FutureTime } from '../schema.ts'

const PermissionName = v.picklist(CLIENT_PERMISSIONS, `must be one of: ${CLIENT_PERMISSIONS.join(', ')}`)
const StatusName = v.picklist(['active', 'disabled'], 'must be active or disabled')

const Name = v.pipe(StorableText, v.trim(), atLeast(1), atMost(100))
const Description = v.nullable(v.pipe(StorableText, v.trim(), atMost(1000)))
const Permissions = list(PermissionName, 1, CLIENT_PERMISSIONS.length)

export const ClientBody = v.object({
  client_name: Name,
  description: v.optional(Description, null),
  permissions: v.optional(Permissions, ['use_chat']),
  acts_as_user_id: v.optional(Id),
  require_signature: v.optional(v.boolean(), false),
  expires_at: v.optional(v.nullable(FutureTime), null),
})

export const ClientChanges = v.object({
  client_name: v.optional(Name),
  description: v.optional(Description),
  permissions: v.optional(Permissions),
  acts_as_user_id: v.optional(Id),
  require_signature: v.optional(v.boolean()),
  expires_at: v.optional(v.nullable(FutureTime)),
  status: v.optional(StatusName),
})

export const ClientParams = v.object({ id: Id })

export const ClientsQuery = v.object({
  page: queryInteger(1, 1, 100_000),
  per_page: queryInteger(20, 1, 100),
})

const client = {
  client_id: Id,
  client_name: v.string(),
  description: v.nullable(v.string()),
  status: StatusName,
  permissions: v.array(PermissionName),
  acts_as_user_id: Id,
  require_signature: v.boolean(),
  key_prefix: v.string(),
  expires_at: v.nullable(Time),
  last_used_at: v.nullable(Time),
  created_at: Time,
  updated_at: Time,
}
const secrets = { client_secret: v.string(), api_key: v.string() }

export const ClientAnswer = v.object(client)
export const MadeClientAnswer = v.object({ ...client, ...secrets })
export const RotatedClientAnswer = v.object({ ...client, ...secrets, previous_until: Time })
export const ClientsAnswer = v.object({ clients: v.array(ClientAnswer), total: v.number() })

nameSchemas({
  NewApiClient: ClientBody,
  ApiClientChanges: ClientChanges,
  ApiClient: ClientAnswer,
  MadeApiClient: MadeClientAnswer,
  RotatedApiClient: RotatedClientAnswer,
  ApiClients: ClientsAnswer,
})
