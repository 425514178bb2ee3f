export const condition = (isWell: boolean) => (isWell ? ('healthy' as const) : ('unhealthy' as const))
