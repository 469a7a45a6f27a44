/** The last words of `npm start`: what runs, where, and what to try. */
import type { Pod } from '../../src-main/common/api/core.ts'
import type { EngineStatus, LabStatus } from '../../src-main/common/lab/lab-status.ts'
import { summarizePod } from '../../src-main/common/lab/pod-summary.ts'

const CLI = 'npm run -s node-lab --'

/** Lines to print. */
export function computeSummary(engine: EngineStatus, lab: LabStatus, pods: readonly Pod[]): string[] {
  const nameWidth = Math.max(...lab.nodes.map((node) => node.name.length))
  const folders = lab.nodes.map((node) => `  ${node.name.padEnd(nameWidth)}  ${node.manifestsPath}`)
  const listed = pods.map((pod) => ({ name: pod.metadata.name ?? '', status: summarizePod(pod, 0).status }))
  const podWidth = Math.max(0, ...listed.map(({ name }) => name.length))
  const lines = listed.map(({ name, status }) => `  ${name.padEnd(podWidth)}  ${status}`)
  const running = listed.find(({ status }) => status === 'Running')
  return [
    '',
    `Lab "${lab.name}" is ${lab.state} on ${engine.name ?? 'Docker'} ${engine.version ?? ''}: ${lab.nodes.length} nodes.`,
    'Put a Pod manifest into a folder, and that node runs it:',
    ...folders,
    ...(lines.length > 0 ? ['Pods:', ...lines] : []),
    'Try:',
    `  ${CLI} pods --watch`,
    running === undefined
      ? `  ${CLI} apply resources/manifests/web.yaml ${lab.nodes[0]?.name ?? 'node01'}`
      : `  ${CLI} crash ${running.name}`,
    `  ${CLI} --help`,
    '',
  ]
}

export const GOODBYE = `The nodes keep running. Stop them with: ${CLI} down`
