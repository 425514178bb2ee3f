import type { OperationText } from '../text.ts'
import { USER } from './things.ts'

const SIGNED_IN = {
  user: USER,
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhNWMzZSJ9.c2lnbmF0dXJl',
  token_type: 'bearer',
  expires_in: 604_800,
}

export const ACCOUNT_TEXTS: Record<string, OperationText> = {
  register: {
    description:
      'The email is trimmed and lower-cased. All characters of the password count. The answer holds a token, so no login need follow.',
    answer: 'The new user and their token.',
    body: { email: 'alice@example.com', password: 'correct horse battery staple' },
    example: SIGNED_IN,
    problems: { 400: ['EMAIL_TAKEN', 'Email already registered'] },
  },
  login: {
    description:
      'A wrong password and an unknown email get the same answer after the same time. Wrong passwords are counted for an email and the network that they come from; they keep nobody out who comes from another. What is right is not counted.',
    answer: 'The user and a new token.',
    body: { email: 'alice@example.com', password: 'correct horse battery staple' },
    example: SIGNED_IN,
    problems: { 401: ['UNAUTHORIZED', 'Invalid email or password'] },
  },
  getMe: {
    description: 'Whom the token stands for.',
    answer: 'The signed-in user.',
    example: USER,
    problems: { 401: ['UNAUTHORIZED', 'User not found'] },
  },
}
