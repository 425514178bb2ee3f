// A whole Trove with simulated platforms, answering on a port of this machine.
import { startTrove, type Trove } from '../support/app.ts'
import {
  type Simulator,
  type SimulatorOptions,
  startPlatformSimulator,
} from '../support/platform-simulator.ts'

export interface Served {
  base: string
  trove: Trove
  simulator: Simulator
  stop(): Promise<void>
}

export async function serveTrove(options: SimulatorOptions = {}): Promise<Served> {
  const simulator = await startPlatformSimulator(options)
  const trove = await startTrove(simulator.env)
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: trove.handle })
  return {
    base: `http://127.0.0.1:${server.port}`,
    trove,
    simulator,
    stop: async () => {
      await server.stop(true)
      await trove.stop()
      await simulator.close()
    },
  }
}
