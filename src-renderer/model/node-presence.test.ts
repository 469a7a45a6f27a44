import { expect, it } from 'vitest'
import type { LabStatus, NodeStatus } from '@common/lab/lab-status.ts'
import { nodePresence } from './node-presence.ts'

const node: NodeStatus = {
  ...{ name: 'node01', role: 'worker', address: '172.30.0.11', state: 'running', kubelet: 'running' },
  ...{ runtimeService: 'running', manifestsPath: '/m', watchesMountedFolder: true },
} as const
const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '172.30.0.0/24', nodes: [node] }

it.each<[string, LabStatus | undefined, string, string]>([
  ['a node that runs', lab, 'node01', 'there'],
  ['one that is switched off', { ...lab, nodes: [{ ...node, state: 'stopped' as const }] }, 'node01', 'off'],
  ['one that the lab does not have any more', lab, 'node09', 'removed'],
  ['a simulated one, which is no machine', lab, 'sim007', 'there'],
  ['a lab that is not known yet', undefined, 'node01', 'there'],
])('given %s, then its presence is told', (_what, of, name, presence) => {
  expect(nodePresence(of, name)).toBe(presence)
})
