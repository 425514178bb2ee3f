// A user of the document's examples.
export const USER = {
  id: '019a5c3e-7c11-7a40-8b52-3f1d9e6a0c01',
  email: 'alice@example.com',
  created_at: '2026-01-15T09:12:44.120Z',
}

export const SIGNED_IN = {
  user: USER,
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhNWMzZSJ9.c2lnbmF0dXJl',
  token_type: 'bearer',
  expires_in: 604_800,
}

export const CREDENTIALS = { email: 'alice@example.com', password: 'correct horse battery staple' }
