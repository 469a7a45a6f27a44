import { describe, expect, it } from 'vitest'
import type { ServedPod } from '../../../../common/api/core.ts'
import type { PodPhase } from '../../../../common/api/pod-status.ts'
import { formatFieldError } from '../../../../common/validation/field-error.ts'
import { POD_PRINTER } from './pod-printer.ts'
import { POD_STATUS_STRATEGY, POD_STRATEGY } from './pod-strategy.ts'

const CONTEXT = { user: { name: 'admin', groups: [] }, now: 0, namespace: 'default' }
const MIRROR = 'kubernetes.io/config.mirror'

/** A healthy pod on a node, as it is stored. */
function newPod(change: (pod: ServedPod) => void = () => {}): ServedPod {
  const pod: ServedPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', generation: 1, resourceVersion: '5' },
    spec: { containers: [{ name: 'c', image: 'bb:v1' }], nodeName: 'node01' },
    status: { phase: 'Running' },
  }
  change(pod)
  POD_STRATEGY.setDefaults(pod)
  return pod
}

function update(change: (pod: ServedPod) => void, old = newPod()): { pod: ServedPod; errors: string[] } {
  const pod = structuredClone(old)
  change(pod)
  POD_STRATEGY.prepareForUpdate(pod, old, CONTEXT)
  return { pod, errors: POD_STRATEGY.validateUpdate(pod, old, CONTEXT).map(formatFieldError) }
}

describe('creating a pod', () => {
  it('given a status from its author, then the pod is Pending with its own QoS class', () => {
    const pod = newPod()
    POD_STRATEGY.prepareForCreate(pod, CONTEXT)
    expect(pod.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' })
    expect(POD_STRATEGY.validate(pod, CONTEXT)).toEqual([])
  })

  it('given scheduling gates, then the scheduler is told to wait', () => {
    const pod = newPod(({ spec }) => {
      delete spec.nodeName
      spec.schedulingGates = [{ name: 'example.com/wait' }]
    })
    POD_STRATEGY.prepareForCreate(pod, CONTEXT)
    expect(pod.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }])
    expect(POD_PRINTER.cells(pod, 0)[2]).toBe('SchedulingGated')
  })

  it('given a mirror without a node, then it is refused as recorded', () => {
    const pod = newPod(({ metadata, spec }) => {
      metadata.annotations = { [MIRROR]: 'abc' }
      delete spec.nodeName
    })
    expect(POD_STRATEGY.validate(pod, CONTEXT).map(formatFieldError)).toEqual([
      'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "abc": must set spec.nodeName if mirror pod annotation is set',
    ])
  })
})

describe('updating a pod', () => {
  it.each<[string, (pod: ServedPod) => void]>([
    ['a label', ({ metadata }) => (metadata.labels = { app: 'other' })],
    ['an image', ({ spec }) => Object.assign(spec.containers[0] ?? {}, { image: 'bb:v2' })],
    ['a deadline', ({ spec }) => (spec.activeDeadlineSeconds = 1000)],
    ['one more toleration', ({ spec }) => (spec.tolerations = [{ key: 'a', operator: 'Exists' }])],
  ])('given %s, then it is accepted', (_name, change) => {
    expect(update(change).errors).toEqual([])
  })

  it.each<[string, (pod: ServedPod) => void, string]>([
    [
      'another variable',
      ({ spec }) => Object.assign(spec.containers[0] ?? {}, { env: [{ name: 'A', value: '1' }] }),
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,',
    ],
    [
      'another container',
      ({ spec }) => spec.containers.push({ ...newPod().spec.containers[0], name: 'd', image: 'bb:v1' }),
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ],
    [
      'the mirror annotation',
      ({ metadata }) => (metadata.annotations = { [MIRROR]: 'x' }),
      'metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation',
    ],
    [
      'a broken image',
      ({ spec }) => Object.assign(spec.containers[0] ?? {}, { image: '' }),
      'spec.containers[0].image: Required value',
    ],
  ])('given %s, then it is refused', (_name, change, message) => {
    const { errors } = update(change)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain(message)
  })

  it('given another command, then the change is shown as recorded, but for the number of fields that did not change', () => {
    const old = newPod(({ spec }) => Object.assign(spec.containers[0] ?? {}, { command: ['sh', '-c', 'sleep 3600'] }))
    const { errors } = update(({ spec }) => {
      Object.assign(spec.containers[0] ?? {}, { command: ['sh', '-c', 'sleep 7200'] })
    }, old)
    const lines = (errors[0] ?? '')
      .replaceAll('\u00a0', ' ')
      .replaceAll(/\d+ identical/g, 'N identical')
      .split('\n')
    expect(lines.slice(1)).toEqual([
      '  core.PodSpec{',
      '  \tVolumes:        nil,',
      '  \tInitContainers: nil,',
      '  \tContainers: []core.Container{',
      '  \t\t{',
      '  \t\t\tName:  "c",',
      '  \t\t\tImage: "bb:v1",',
      '  \t\t\tCommand: []string{',
      '  \t\t\t\t"sh",',
      '  \t\t\t\t"-c",',
      '- \t\t\t\t"sleep 7200",',
      '+ \t\t\t\t"sleep 3600",',
      '  \t\t\t},',
      '  \t\t\tArgs:       nil,',
      '  \t\t\tWorkingDir: "",',
      '  \t\t\t... // N identical fields',
      '  \t\t},',
      '  \t},',
      '  \tEphemeralContainers: nil,',
      '  \tRestartPolicy:       "Always",',
      '  \t... // N identical fields',
      '  }',
      '',
    ])
  })

  it('given a first variable, then both sides of it are shown as recorded', () => {
    const { errors } = update(({ spec }) => {
      Object.assign(spec.containers[0] ?? {}, { env: [{ name: 'A', value: '1' }] })
    })
    const text = (errors[0] ?? '').replaceAll('\u00a0', ' ')
    expect(text).toContain('- \t\t\tEnv:          []core.EnvVar{{Name: "A", Value: "1"}},\n')
    expect(text).toContain('+ \t\t\tEnv:          nil,\n')
  })

  it('given a mirror that should lose its annotation, then it is refused as recorded', () => {
    const mirror = newPod(({ metadata }) => (metadata.annotations = { [MIRROR]: 'x' }))
    expect(update(({ metadata }) => delete metadata.annotations, mirror).errors).toEqual([
      'metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not remove or update mirror pod annotation',
    ])
  })

  it('given a deadline that moves away or goes, then it is refused', () => {
    const old = newPod(({ spec }) => (spec.activeDeadlineSeconds = 10))
    expect(update(({ spec }) => (spec.activeDeadlineSeconds = 20), old).errors[0]).toMatch(/less than or equal/)
    expect(update(({ spec }) => delete spec.activeDeadlineSeconds, old).errors[0]).toMatch(/nil value/)
  })

  it('given a toleration that goes, then it is refused', () => {
    const old = newPod(({ spec }) => (spec.tolerations = [{ key: 'a', operator: 'Exists' }]))
    expect(update(({ spec }) => (spec.tolerations = [{ key: 'b', operator: 'Exists' }]), old).errors[0]).toMatch(
      /^spec.tolerations: Forbidden: existing toleration/,
    )
  })

  it('given a status in an update, then it is dropped, and a changed spec counts as a generation', () => {
    const { pod } = update(({ spec, status }) => {
      Object.assign(spec.containers[0] ?? {}, { image: 'bb:v2' })
      if (status !== undefined) status.phase = 'Failed'
    })
    expect(pod.status?.phase).toBe('Running')
    expect(pod.metadata.generation).toBe(2)
  })
})

describe('writing the status of a pod', () => {
  it('given a new spec beside it, then the spec stays and the QoS class does', () => {
    const old = newPod(({ status }) => Object.assign(status ?? {}, { qosClass: 'BestEffort' }))
    const pod = structuredClone(old)
    pod.spec.containers = []
    pod.status = { phase: 'Succeeded' }
    POD_STATUS_STRATEGY.prepareForUpdate(pod, old, CONTEXT)
    expect(pod.spec).toEqual(old.spec)
    expect(pod.status).toEqual({ phase: 'Succeeded', qosClass: 'BestEffort' })
  })

  it('given a container that ended for good, then it may not run again', () => {
    const container = { name: 'c', lastState: {}, ready: false, restartCount: 0, image: 'bb:v1', imageID: '' }
    const old = newPod(({ spec, status }) => {
      spec.restartPolicy = 'Never'
      if (status !== undefined) status.containerStatuses = [{ ...container, state: { terminated: { exitCode: 0 } } }]
    })
    const pod = structuredClone(old)
    if (pod.status !== undefined) pod.status.containerStatuses = [{ ...container, state: { running: {} } }]
    expect(POD_STATUS_STRATEGY.validateUpdate(pod, old, CONTEXT).map(formatFieldError)).toEqual([
      'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    ])
  })
})

describe('the grace of a deletion', () => {
  it.each<[string, PodPhase, string, number | undefined, number]>([
    ['a running pod', 'Running', 'node01', undefined, 30],
    ['a running pod and a wish', 'Running', 'node01', 5, 5],
    ['a negative wish', 'Running', 'node01', -1, 1],
    ['a pod without a node', 'Pending', '', undefined, 0],
    ['a finished pod', 'Succeeded', 'node01', undefined, 0],
    ['a failed pod', 'Failed', 'node01', 60, 0],
  ])('given %s', (_name, phase, nodeName, asked, expected) => {
    const pod = newPod(({ spec, status }) => {
      spec.nodeName = nodeName
      if (status !== undefined) status.phase = phase
    })
    expect(POD_STRATEGY.graceSeconds?.(pod, asked)).toBe(expected)
  })
})

describe('the row of a pod', () => {
  const now = Date.parse('2026-11-23T16:27:53Z')
  const running = newPod((pod) => {
    pod.metadata = { ...pod.metadata, name: 'd1-56vxv', creationTimestamp: '2026-11-23T16:27:36Z' }
    pod.spec.nodeName = 'node02'
    pod.status = {
      phase: 'Running',
      podIP: '172.30.20.3',
      podIPs: [{ ip: '172.30.20.3' }],
      containerStatuses: [
        {
          name: 'c',
          state: { running: { startedAt: '2026-11-23T16:27:37Z' } },
          lastState: {},
          ready: true,
          restartCount: 0,
          image: 'bb:v1',
          imageID: '',
        },
      ],
    }
  })

  it('given the recorded pod, then it is the recorded row', () => {
    const cells = ['d1-56vxv', '1/1', 'Running', '0', '17s', '172.30.20.3', 'node02', '<none>', '<none>']
    expect(POD_PRINTER.cells(running, now)).toEqual(cells)
    expect(POD_PRINTER.conditions?.(running)).toEqual([])
  })

  it('given readiness gates and a nominated node, then both are shown', () => {
    const pod = structuredClone(running)
    pod.spec.readinessGates = [{ conditionType: 'a' }, { conditionType: 'b' }]
    pod.status = { ...pod.status, nominatedNodeName: 'node01', conditions: [{ type: 'a', status: 'True' }] }
    expect(POD_PRINTER.cells(pod, now).slice(-2)).toEqual(['node01', '1/2'])
  })

  it.each<[PodPhase, string]>([
    ['Succeeded', 'The pod has completed successfully.'],
    ['Failed', 'The pod failed.'],
  ])('given a pod that %s, then its row is completed', (phase, message) => {
    const pod = newPod(({ status }) => Object.assign(status ?? {}, { phase }))
    expect(POD_PRINTER.conditions?.(pod)).toEqual([{ type: 'Completed', status: 'True', reason: phase, message }])
  })

  it('given any pod, then there is a cell for each column', () => {
    expect(POD_PRINTER.cells(newPod(), now)).toHaveLength(POD_PRINTER.columns.length)
  })
})
