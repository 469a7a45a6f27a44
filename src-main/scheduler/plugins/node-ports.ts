/** Ports of the node that a pod wants (plugins/nodeports). */
import { hasHostPortClash } from '../../common/scheduling/host-ports.ts'
import { localFilter } from './local-filter.ts'

export const nodePorts = localFilter({
  name: 'NodePorts',
  isResolvable: true,
  concerns: ({ wantsHostPorts }) => wantsHostPorts,
  refuse({ pod }, { pods }) {
    const others = [...pods.values()].filter(({ wantsHostPorts }) => wantsHostPorts).map((other) => other.pod)
    return hasHostPortClash(pod, others) ? "node(s) didn't have free ports for the requested pod ports" : undefined
  },
})
