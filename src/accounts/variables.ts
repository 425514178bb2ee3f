import { oneOf, optionalText, variable, wholeNumber } from '../ground/variable.ts'

export const accountsVariables = {
  JWT_SECRET_KEY: variable(
    'Signs the tokens; at least 32 bytes, the same in every process. Not set: made and kept in DATA_DIR.',
    optionalText,
  ),
  JWT_ALGORITHM: variable('HS256 is the only value.', oneOf(['HS256'], 'HS256')),
  JWT_EXPIRY_DAYS: variable('How many days a token lives.', wholeNumber(7, 1, 3650)),
}
