// The worker thread that finds the plane of a map. Started by `drawMap`.
import { serveThread } from '../../threads.ts'
import { findPlane, type Plane, type PlaneInput } from './plane.ts'

serveThread<PlaneInput, Plane>(findPlane)
