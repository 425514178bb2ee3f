// The worker thread that finds the plane of a map. Started by `drawMap`.
import { giveWay, serveThread } from '../../threads.ts'
import { findPlane, type Plane, type PlaneInput } from './plane.ts'

giveWay()
serveThread<PlaneInput, Plane>(findPlane)
