// A whole Trove with simulated platforms, answering on a port of this machine.

import { type Simulator, type SimulatorOptions, startPlatformSimulator } from '../simulators/platforms.ts'
import { startTrove, type Trove } from '../support/app.ts'

export interface Served {
  base: string
  trove: Trove
  simulator: Simulator
  /** Cuts every connection and takes no new one, as a server that has gone. Work goes on. */
  goAway(): Promise<void>
  /** Answers again, on the same port. */
  comeBack(): void
  stop(): Promise<void>
}

export async function serveTrove(options: SimulatorOptions = {}): Promise<Served> {
  const simulator = await startPlatformSimulator(options)
  const trove = await startTrove(simulator.env)
  const listen = (port: number) =>
    Bun.serve({ port, hostname: '127.0.0.1', idleTimeout: 0, fetch: trove.handle })
  let server = listen(0)
  const port = server.port!
  return {
    base: `http://127.0.0.1:${port}`,
    trove,
    simulator,
    goAway: () => server.stop(true),
    comeBack: () => {
      server = listen(port)
    },
    stop: async () => {
      await server.stop(true)
      await trove.stop()
      await simulator.close()
    },
  }
}
