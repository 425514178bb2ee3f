// The worker thread that groups a library. Started by `clusterInThread`.
import { serveThread } from '../threads.ts'
import { type ClusterInput, type ClusterResult, clusterLibrary } from './cluster-engine.ts'

serveThread<ClusterInput, ClusterResult>(clusterLibrary)
