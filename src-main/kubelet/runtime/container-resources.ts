/** A container's requests and limits as the cgroup settings that CRI asks for (facts 2.19.4, 2.8.2). */
import type { Container, Pod } from '../../common/api/core.ts'
import type { LinuxContainerResources } from '../../container-runtime/cri.ts'
import type { ContainerSettings } from './container-settings.ts'
import { computeOOMScore } from './oom-score.ts'
import { quantityMillis, quantityUnits } from '../../common/api/amounts.ts'

const MICROSECONDS_PER_MS = 1000
/** Said where no quota is. */
const DEFAULT_CPU_PERIOD = 100_000n
const MIN_CPU_QUOTA = 1000n
const MIN_CPU_SHARES = 2n

export function containerResources(
  pod: Pod,
  container: Container,
  nodeMemoryBytes: number,
  settings: ContainerSettings,
): LinuxContainerResources {
  const { limits = {}, requests = {} } = container.resources ?? {}
  const cpuLimit = quantityMillis(limits['cpu'])
  const cpuRequest = requests['cpu'] === undefined ? cpuLimit : quantityMillis(requests['cpu'])
  const { cpuQuotaPeriodMs, pidsLimit } = settings
  const period = cpuQuotaPeriodMs === null ? DEFAULT_CPU_PERIOD : BigInt(cpuQuotaPeriodMs * MICROSECONDS_PER_MS)
  const quota = (cpuLimit * period) / 1000n
  return {
    cpuPeriod: period,
    cpuQuota: cpuLimit === 0n || cpuQuotaPeriodMs === null ? 0n : atLeast(quota, MIN_CPU_QUOTA),
    cpuShares: atLeast((cpuRequest * 1024n) / 1000n, MIN_CPU_SHARES),
    memoryLimitInBytes: quantityUnits(limits['memory']),
    oomScoreAdj: BigInt(computeOOMScore(pod, container, nodeMemoryBytes)),
    ...(pidsLimit === null ? {} : { pidsLimit: BigInt(pidsLimit) }),
  }
}

function atLeast(value: bigint, minimum: bigint): bigint {
  return value < minimum ? minimum : value
}
