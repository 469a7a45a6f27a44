/** The recorded cases on a fake clock. */
import { runKubeletCases } from './run-kubelet-cases.ts'
import { SimulatedWorld } from './simulated-world.ts'

runKubeletCases('clock', (podName) => SimulatedWorld.start(podName))
