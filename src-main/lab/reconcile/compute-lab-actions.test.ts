import { describe, expect, it } from 'vitest'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { SPEC_HASH_LABEL } from '../../common/engine-labels.ts'
import { computeDesiredLab } from '../lifecycle/bring-up.ts'
import { HomeLayout } from '../store/home.ts'
import { computeLabActions, type LabAction } from './compute-lab-actions.ts'
import type { ObservedContainer, ObservedLab } from './observe-lab.ts'

const spec: LabSpec = {
  apiVersion: 'node-lab/v1',
  kind: 'Lab',
  name: 't',
  subnet: '172.30.0.0/24',
  outsideNetwork: true,
  nodes: [{ name: 'node01', role: 'worker', address: '172.30.0.11', apiServerPort: 26443 }],
}
const context = {
  layout: new HomeLayout('/home/labs'),
  images: { node: 'node:1', pause: 'pause:1', catalogue: { enabled: true, images: [] } },
  engineSocket: '/run/docker.sock',
}
const desired = computeDesiredLab(context, spec, () => true)

function aContainer(role: string, change: Partial<ObservedContainer> = {}): ObservedContainer {
  const node = desired.nodes[0]
  const specHash = (role === 'runtime' ? node?.runtime : node?.node)?.labels[SPEC_HASH_LABEL] ?? ''
  return { id: role, name: role, role, node: 'node01', state: 'running', specHash, restartPolicy: 'always', ...change }
}

function observed(change: Partial<ObservedLab> = {}): ObservedLab {
  return {
    networks: [{ id: 'net', name: 'node-lab.t', specHash: desired.network.labels[SPEC_HASH_LABEL] ?? '' }],
    volumes: [{ name: 'node-lab.t.node01', node: 'node01' }],
    containers: [aContainer('node'), aContainer('runtime')],
    otherHomes: [],
    ...change,
  }
}

const folders = new Set(['node01'])

/** `create-container node`, `remove-container helper leftover`: kind and what tells it from others. */
function words(actions: readonly LabAction[]): string[] {
  return actions.map((action) => {
    if (action.kind === 'remove-container') return `${action.kind} ${action.container} ${action.why}`
    return 'role' in action ? `${action.kind} ${action.role}` : action.kind
  })
}

describe('what has to be done for a lab', () => {
  it.each<[string, ObservedLab, ReadonlySet<string>, string[]]>([
    ['all is right', observed(), folders, []],
    [
      'there is nothing',
      observed({ networks: [], volumes: [], containers: [] }),
      new Set(),
      [
        'create-network',
        'make-manifests-folder',
        'create-volume',
        'seed-volume',
        'create-container node',
        'create-container runtime',
        'start-container node',
        'start-container runtime',
      ],
    ],
    [
      'both were stopped for good',
      observed({
        containers: [
          aContainer('node', { state: 'exited', restartPolicy: 'no' }),
          aContainer('runtime', { state: 'exited', restartPolicy: 'no' }),
        ],
      }),
      folders,
      ['set-restart-policy node', 'start-container node', 'set-restart-policy runtime', 'start-container runtime'],
    ],
    [
      'a node is paused',
      observed({ containers: [aContainer('node', { state: 'paused' }), aContainer('runtime')] }),
      folders,
      ['stop-container node', 'start-container node'],
    ],
    [
      'a node keeps crashing, which its restart policy deals with',
      observed({ containers: [aContainer('node', { state: 'restarting' }), aContainer('runtime')] }),
      folders,
      [],
    ],
    [
      'the spec of the runtime service has changed',
      observed({ containers: [aContainer('node'), aContainer('runtime', { specHash: 'old' })] }),
      folders,
      ['remove-container runtime spec-changed', 'create-container runtime', 'start-container runtime'],
    ],
    [
      'a node container is dead',
      observed({ containers: [aContainer('node', { state: 'dead' }), aContainer('runtime')] }),
      folders,
      ['remove-container node broken', 'seed-volume', 'create-container node', 'start-container node'],
    ],
    [
      'somebody removed the manifest folder: the node has the removed one mounted',
      observed(),
      new Set(),
      [
        'make-manifests-folder',
        'remove-container node broken',
        'seed-volume',
        'create-container node',
        'start-container node',
      ],
    ],
    [
      'the network was made anew by somebody: what hangs on it goes, pods before their sandboxes',
      observed({
        networks: [{ id: 'net', name: 'node-lab.t', specHash: 'other' }],
        containers: [aContainer('sandbox'), aContainer('container'), aContainer('node'), aContainer('runtime')],
      }),
      folders,
      [
        'remove-container node network-gone',
        'remove-container container network-gone',
        'remove-container sandbox network-gone',
        'remove-network',
        'create-network',
        'seed-volume',
        'create-container node',
        'start-container node',
      ],
    ],
    [
      'a killed command left a helper, and a removed node its remains',
      observed({
        volumes: [
          { name: 'node-lab.t.node01', node: 'node01' },
          { name: 'node-lab.t.gone', node: 'gone' },
        ],
        containers: [
          aContainer('node'),
          aContainer('runtime'),
          aContainer('sandbox', { id: 'strange', node: 'gone' }),
          aContainer('helper'),
        ],
      }),
      folders,
      ['remove-container helper leftover', 'remove-container strange no-such-node', 'remove-volume'],
    ],
  ])('given that %s', (_what, present, presentFolders, expected) => {
    expect(words(computeLabActions(desired, present, presentFolders))).toEqual(expected)
  })

  it('given a node that is not wanted now, then it is left as it is', () => {
    const idle = computeDesiredLab(context, spec, () => false)
    expect(computeLabActions(idle, observed({ containers: [], volumes: [] }), new Set())).toEqual([])
  })
})
