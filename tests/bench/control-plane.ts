/** A lab of three nodes with a control plane: when it is ready, and what its API server keeps. */
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { waitUntil } from '../support/wait-until.ts'
import { median, milliseconds, type Row } from './measure.ts'

const RUNS = 3
/** Two workers and the control plane. */
const WORKERS = 2
const READY_BUDGET_MS = 10_000
const MEMORY_BUDGET_BYTES = 120_000_000
/** As long as a kubelet takes to have posted all that it has to say twice. */
const SETTLE_MS = 60_000

/** Images are loaded already. */
export async function measureControlPlane(progress: (message: string) => void): Promise<Row[]> {
  const ready: number[] = []
  const resident: number[] = []
  for (let run = 0; run < RUNS; run++) {
    progress(`a control plane, run ${run + 1} of ${RUNS}`)
    const lab = new ControlPlaneLab('bench-control-plane')
    try {
      const beganMs = performance.now()
      await lab.up('--nodes', String(WORKERS))
      ready.push(performance.now() - beganMs)
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      resident.push(await residentBytes(lab))
    } finally {
      await lab.dispose()
    }
  }
  const readyMs = median(ready)
  const memoryBytes = median(resident)
  return [
    {
      what: 'up --control-plane, three nodes: from nothing to ready',
      value: milliseconds(readyMs),
      budget: `≤ ${milliseconds(READY_BUDGET_MS)}`,
      withinBudget: readyMs <= READY_BUDGET_MS,
    },
    {
      what: 'API server of three nodes: resident memory',
      value: `${(memoryBytes / 1_000_000).toFixed(0)} MB`,
      budget: `≤ ${MEMORY_BUDGET_BYTES / 1_000_000} MB`,
      withinBudget: memoryBytes <= MEMORY_BUDGET_BYTES,
    },
  ]
}

/** In its own words. */
function residentBytes(lab: ControlPlaneLab): Promise<number> {
  return waitUntil({ what: "the API server's metrics" }, async () => {
    const metrics = await lab.kubectlOk(['get', '--raw', '/metrics'])
    const found = /^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]
    return found === undefined ? undefined : Number(found)
  })
}
