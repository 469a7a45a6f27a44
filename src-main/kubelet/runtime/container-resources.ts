/** A container's requests and limits as the cgroup settings that CRI asks for (facts 2.19.4, 2.8.2). */
import type { Container, Pod } from '../../common/api/core.ts'
import type { LinuxContainerResources } from '../../container-runtime/cri.ts'
import { computeOOMScore } from './oom-score.ts'
import { quantityMillis, quantityUnits } from './quantity.ts'

const CPU_PERIOD = 100_000n
const MIN_CPU_QUOTA = 1000n
const MIN_CPU_SHARES = 2n

export function containerResources(pod: Pod, container: Container, nodeMemoryBytes: number): LinuxContainerResources {
  const { limits = {}, requests = {} } = container.resources ?? {}
  const cpuLimit = quantityMillis(limits['cpu'])
  const cpuRequest = requests['cpu'] === undefined ? cpuLimit : quantityMillis(requests['cpu'])
  const quota = (cpuLimit * CPU_PERIOD) / 1000n
  return {
    cpuPeriod: CPU_PERIOD,
    cpuQuota: cpuLimit === 0n ? 0n : quota < MIN_CPU_QUOTA ? MIN_CPU_QUOTA : quota,
    cpuShares: atLeast((cpuRequest * 1024n) / 1000n, MIN_CPU_SHARES),
    memoryLimitInBytes: quantityUnits(limits['memory']),
    oomScoreAdj: BigInt(computeOOMScore(pod, container, nodeMemoryBytes)),
  }
}

function atLeast(value: bigint, minimum: bigint): bigint {
  return value < minimum ? minimum : value
}
