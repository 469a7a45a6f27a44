/** The recorded cases of DaemonSets and nodes on the real engine, with a kubectl. */
import { registerClusterCases } from './register-cluster-cases.ts'

registerClusterCases('engine', ['--node-monitor-grace-period=20s'], 90)
