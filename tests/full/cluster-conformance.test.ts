/** The recorded cases of a cluster that take minutes, on the real engine. */
import { registerClusterCases } from '../conformance/cluster/register-cluster-cases.ts'

registerClusterCases('full', [], 600)
