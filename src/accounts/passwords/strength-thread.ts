// The thread that estimates passwords. Started by strength.ts.
import { serveThread } from '../../ground/threads.ts'
import { type Estimate, estimate } from './estimate.ts'

export interface EstimateRequest {
  password: string
  personal: string[]
}

serveThread<EstimateRequest, Estimate>(({ password, personal }) => estimate(password, personal))
