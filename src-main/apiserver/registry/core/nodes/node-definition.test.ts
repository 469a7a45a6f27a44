import { describe, expect, it } from 'vitest'
import { create, decode, update } from '../../testing/exercise-kind.ts'
import { NODES } from './node-definition.ts'

const now = Date.parse('2026-11-23T16:27:03Z')
/** The recorded node. */
const NODE01 = {
  metadata: { name: 'node01', creationTimestamp: '2026-11-23T16:13:03Z' },
  status: {
    addresses: [
      { type: 'InternalIP', address: '172.30.10.1' },
      { type: 'Hostname', address: 'node01' },
    ],
    capacity: { cpu: '2' },
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: {
      kubeletVersion: 'v1.20.2',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      kernelVersion: '6.18.44-fc-v595',
      containerRuntimeVersion: 'docker://20.10.24+dfsg1',
    },
  },
}

describe('nodes', () => {
  it('given a node that registers with a status, then it keeps it, and what it has it can give', () => {
    const { object, errors } = create(NODES, NODE01)
    expect(errors).toEqual([])
    expect(object['status']).toMatchObject({
      allocatable: { cpu: '2' },
      conditions: [{ type: 'Ready', lastHeartbeatTime: null }],
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
    })
  })

  it('given the recorded node, then it is the recorded row', () => {
    expect(NODES.printer.cells(decode(NODES, NODE01), now)).toEqual([
      'node01',
      'Ready',
      '<none>',
      '14m',
      'v1.20.2',
      '172.30.10.1',
      '<none>',
      'Debian GNU/Linux 12 (bookworm)',
      '6.18.44-fc-v595',
      'docker://20.10.24+dfsg1',
    ])
  })

  it.each([
    ['nothing said', {}, '', 'Unknown', '<none>'],
    ['lost and cordoned', { spec: { unschedulable: true } }, 'Unknown', 'NotReady,SchedulingDisabled', '<none>'],
    [
      'two roles',
      {
        metadata: {
          name: 'a',
          labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' },
        },
      },
      'True',
      'Ready',
      'control-plane,worker',
    ],
  ])('given a node with %s, then status and roles say so', (_name, body, ready, status, roles) => {
    const conditions = ready === '' ? [] : [{ type: 'Ready', status: ready }]
    const cells = NODES.printer.cells(decode(NODES, { ...body, status: { conditions } }), now)
    expect(cells.slice(1, 3)).toEqual([status, roles])
  })

  it.each([
    ['no effect', [{ key: 'a' }], ['metadata.taints[0].effect: Required value']],
    [
      'an unknown effect',
      [{ key: 'a', effect: 'No' }],
      [
        'metadata.taints[0].effect: Unsupported value: "No": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      'a taint twice',
      [
        { key: 'a', effect: 'NoExecute' },
        { key: 'a', effect: 'NoExecute', value: 'b' },
      ],
      [
        'metadata.taints[1]: Duplicate value: {"key":"a","value":"b","effect":"NoExecute"}: taints must be unique by key and effect pair',
      ],
    ],
  ])('given %s, then it is refused', (_name, taints, expected) => {
    expect(create(NODES, { spec: { taints } }).errors).toEqual(expected)
  })

  it('given addresses of pods that change, then it is refused; given ones for the first time, it is not', () => {
    const spec = { podCIDR: '10.0.0.0/24', podCIDRs: ['10.0.0.0/24'] }
    expect(update(NODES, {}, { spec }).errors).toEqual([])
    expect(update(NODES, { spec }, { spec: { podCIDR: '10.0.1.0/24', podCIDRs: ['10.0.1.0/24'] } }).errors).toEqual([
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    ])
    expect(create(NODES, { spec: { podCIDRs: ['10.0.0.0'] } }).errors).toHaveLength(1)
  })
})
