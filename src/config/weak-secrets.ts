// What production refuses as a secret. It cannot tell a good one, only what nobody made with a generator.

const SAMPLES = [
  ...['your-secret-key-here', 'changeme', 'change-me', 'changeme123', 'secret', 'password', 'password1'],
  ...['password123', '12345678', '123456789', '1234567890', 'admin', 'admin123', 'administrator', 'letmein'],
  ...['qwertyuiop', 'trove', 'metrics'],
]

/** The fewest bytes, and the fewest characters that differ. */
const LEAST = {
  JWT_SECRET_KEY: { bytes: 32, different: 8 },
  ENCRYPTION_KEY: { bytes: 16, different: 8 },
  ADMIN_PASSWORD: { bytes: 8, different: 5 },
  METRICS_TOKEN: { bytes: 8, different: 5 },
} as const

/** What is wrong with the secrets that are set, a sentence each, without a value. */
export function weakSecrets(given: Record<string, string | undefined>): string[] {
  return Object.entries(LEAST).flatMap(([name, { bytes, different }]) => {
    const secret = given[name]
    if (!secret) return []
    const advice = 'for instance from: openssl rand -hex 32'
    return [
      ...(SAMPLES.includes(secret.toLowerCase()) ? [`${name} is a known sample value; make your own`] : []),
      ...(new TextEncoder().encode(secret).length < bytes
        ? [`${name} must be at least ${bytes} bytes, ${advice}`]
        : []),
      ...(new Set(secret).size < different
        ? [`${name} must have at least ${different} different characters, ${advice}`]
        : []),
    ]
  })
}
