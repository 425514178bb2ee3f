// A user of the document's examples.
export const USER = {
  id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  email: 'alice@example.com',
  username: 'alice',
  role: 'normal' as const,
  roles: ['normal' as const],
  subscription_tier: 'enterprise' as const,
  must_change_password: false,
  created_at: '2026-01-15T09:12:44.120Z',
}

export const SIGNED_IN = {
  user: USER,
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhNWMzZSJ9.c2lnbmF0dXJl',
  token_type: 'bearer' as const,
  expires_in: 604_800,
  refresh_token: 'trr_AZpcPnwRekCLUj8dnmoMAQGaXEAR4HshqdRuD4wTeyUAAAAA',
  refresh_expires_in: 604_800,
}

export const ME = {
  ...USER,
  full_name: 'Alice Example',
  company_name: null,
  locale: 'en-GB',
  timezone: 'Europe/London',
  permissions: ['read', 'write', 'use_chat'],
  erase_at: null,
}

export const CREDENTIALS = { email: 'alice@example.com', password: 'correct horse battery staple' }
