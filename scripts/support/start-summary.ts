/** The last words of `npm start`: what runs, where, and what to try. */
import type { Pod } from '../../src-main/common/api/core.ts'
import type { EngineStatus, LabStatus } from '../../src-main/common/lab/lab-status.ts'
import { describePod } from './first-lab.ts'

const CLI = 'npm run -s node-lab --'

/** Lines to print. */
export function computeSummary(engine: EngineStatus, lab: LabStatus, pods: readonly Pod[]): string[] {
  const nameWidth = Math.max(...lab.nodes.map((node) => node.name.length))
  const folders = lab.nodes.map((node) => `  ${node.name.padEnd(nameWidth)}  ${node.manifestsPath}`)
  const running = pods.map((pod) => `  ${pod.metadata.name}  ${describePod(pod)}`)
  return [
    '',
    `Lab "${lab.name}" is ${lab.state} on ${engine.name ?? 'Docker'} ${engine.version ?? ''}: ${lab.nodes.length} nodes.`,
    'Put a Pod manifest into a folder, and that node runs it:',
    ...folders,
    ...(running.length > 0 ? ['Pods:', ...running] : []),
    'Try:',
    `  ${CLI} pods --watch`,
    pods[0] === undefined
      ? `  ${CLI} apply resources/manifests/web.yaml ${lab.nodes[0]?.name ?? 'node01'}`
      : `  ${CLI} crash ${pods[0].metadata.name}`,
    `  ${CLI} --help`,
    '',
  ]
}

export const GOODBYE = `The nodes keep running. Stop them with: ${CLI} down`
