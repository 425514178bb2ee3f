// The worker thread that groups a library. Started by `clusterInThread`.
import { serveThread } from '../threads.ts'
import { clusterLibrary } from './cluster-engine.ts'
import { type ClusterRequest, type ClusterResponse, readInput, writeResult } from './cluster-messages.ts'

serveThread<ClusterRequest, ClusterResponse>(request => writeResult(clusterLibrary(readInput(request))))
