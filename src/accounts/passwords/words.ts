import type { Words } from '../../ground/http/openapi/words.ts'

export const passwordWords: Words = {
  fields: {
    current_password: 'The password as it is; left out by whom has none.',
    new_password: '8 to 128 characters, all of which count, and not easy to guess.',
    'PasswordCheck.password': 'The password that somebody thinks of.',
    'PasswordCheck.email': 'Whose password it would be: it may not be the email.',
    valid: 'Whether it may be a password here.',
    'PasswordStrength.score': 'How hard it is to guess, from 0, which is at once, to 4.',
    feedback: 'What would make it better, in sentences.',
    'ResetRequest.email': 'The address of the account.',
    'requestPasswordReset.message': 'What happens now, in words; the same for any email.',
    'ResetConfirmation.token': 'What stands behind `#reset=` in the link.',
    reset_url: 'The link, to be handed over; null where it was mailed.',
    'ResetLink.expires_at': 'Until when it works; null where it was mailed.',
  },
}
