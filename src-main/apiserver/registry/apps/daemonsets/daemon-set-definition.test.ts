import { describe, expect, it } from 'vitest'
import type { DaemonSet } from '../../../../common/api/daemon-set.ts'
import { create, decode, update, type Written } from '../../testing/exercise-kind.ts'
import { DAEMON_SETS } from './daemon-set-definition.ts'

const GENERATION = 'deprecated.daemonset.template.generation'

/** The recorded DaemonSet as its author wrote it, changed. */
function written(change: (set: DaemonSet) => void = () => {}): DaemonSet {
  const set: DaemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { containers: [{ name: 'c', image: 'bb:v1', env: [{ name: 'V', value: '1' }] }] },
      },
    },
  }
  change(set)
  return set
}

function updateBy(change: (set: DaemonSet) => void): Written {
  return update(DAEMON_SETS, written(), written(change))
}

describe('creating a DaemonSet', () => {
  it('given the recorded manifest, then it is stored as recorded, with the surge of later versions', () => {
    expect(create(DAEMON_SETS, written())).toEqual({
      errors: [],
      object: {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent', namespace: 'default', generation: 1, annotations: { [GENERATION]: '1' } },
        spec: {
          revisionHistoryLimit: 10,
          selector: { matchLabels: { app: 'agent' } },
          template: {
            metadata: { labels: { app: 'agent' } },
            spec: {
              containers: [
                {
                  env: [{ name: 'V', value: '1' }],
                  image: 'bb:v1',
                  imagePullPolicy: 'IfNotPresent',
                  name: 'c',
                  resources: {},
                  terminationMessagePath: '/dev/termination-log',
                  terminationMessagePolicy: 'File',
                },
              ],
              dnsPolicy: 'ClusterFirst',
              restartPolicy: 'Always',
              schedulerName: 'default-scheduler',
              securityContext: {},
              terminationGracePeriodSeconds: 30,
            },
          },
          updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 0 }, type: 'RollingUpdate' },
        },
        status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
      },
    })
  })

  it('given the network of the node, then a host port may be left out of the template, and another one is refused', () => {
    const withPort = (hostPort?: number): Written =>
      create(
        DAEMON_SETS,
        written(({ spec }) => {
          spec.template.spec.hostNetwork = true
          const port = { containerPort: 9100, ...(hostPort !== undefined && { hostPort }) }
          spec.template.spec.containers[0] = { name: 'c', image: 'bb', ports: [port] }
        }),
      )
    expect(withPort().errors).toEqual([])
    expect(withPort(9100).errors).toEqual([])
    expect(withPort(9101).errors).toEqual([
      'spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 9100: must match `hostPort` when `hostNetwork` is true',
    ])
  })

  it.each<[string, (set: DaemonSet) => void, string[]]>([
    [
      'a selector that finds other pods',
      ({ spec }) => (spec.template.metadata = { labels: { app: 'bad' } }),
      ['spec.template.metadata.labels: Invalid value: {"app":"bad"}: `selector` does not match template `labels`'],
    ],
    [
      'pods that end',
      ({ spec }) => (spec.template.spec.restartPolicy = 'Never'),
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'pods with a deadline',
      ({ spec }) => (spec.template.spec.activeDeadlineSeconds = 5),
      ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported'],
    ],
    [
      'no room for an update',
      ({ spec }) => (spec.updateStrategy = { rollingUpdate: { maxUnavailable: 0 } }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'surge and unavailability at once',
      ({ spec }) => (spec.updateStrategy = { rollingUpdate: { maxUnavailable: 1, maxSurge: '10%' } }),
      [
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero',
      ],
    ],
    [
      'more than all',
      ({ spec }) => (spec.updateStrategy = { rollingUpdate: { maxUnavailable: '101%' } }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    ],
    [
      'an empty selector',
      ({ spec }) => (spec.selector = {}),
      ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
    ],
    [
      'no image',
      ({ spec }) => Object.assign(spec.template.spec.containers[0] ?? {}, { image: '' }),
      ['spec.template.spec.containers[0].image: Required value'],
    ],
  ])('given %s, then it is refused', (_name, change, expected) => {
    expect(create(DAEMON_SETS, written(change)).errors).toEqual(expected)
  })
})

describe('updating a DaemonSet', () => {
  it('given another template, then both generations count', () => {
    const { object, errors } = updateBy(({ spec }) => {
      Object.assign(spec.template.spec.containers[0] ?? {}, { image: 'bb:v2' })
    })
    expect(errors).toEqual([])
    expect(object.metadata).toMatchObject({ generation: 2, annotations: { [GENERATION]: '2' } })
  })

  it('given another strategy, then only the generation counts', () => {
    const { object } = updateBy(({ spec }) => (spec.updateStrategy = { type: 'OnDelete' }))
    expect(object.metadata).toMatchObject({ generation: 2, annotations: { [GENERATION]: '1' } })
  })

  it('given a label and a status, then nothing counts and the status stays', () => {
    const { object } = updateBy((one) => {
      one.metadata.labels = { a: 'b' }
      one.status = { currentNumberScheduled: 9, numberMisscheduled: 9, desiredNumberScheduled: 9, numberReady: 9 }
    })
    expect(object.metadata.generation).toBe(1)
    expect(object['status']).toMatchObject({ numberReady: 0 })
  })

  it('given another selector, then it is refused as recorded', () => {
    const { errors } = updateBy(({ spec }) => {
      spec.selector = { matchLabels: { app: 'agent', z: '1' } }
      spec.template.metadata = { labels: { app: 'agent', z: '1' } }
    })
    expect(errors).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"agent","z":"1"}}: field is immutable',
    ])
  })
})

describe('the row of a DaemonSet', () => {
  it('given the recorded DaemonSet, then it is the recorded row', () => {
    const set = decode(
      DAEMON_SETS,
      written(({ metadata }) => (metadata.creationTimestamp = '2026-11-23T16:25:36Z')),
    )
    set['status'] = {
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberAvailable: 1,
      numberMisscheduled: 0,
      numberReady: 1,
      updatedNumberScheduled: 2,
    }
    const cells = ['agent', 2, 2, 1, 2, 1, '<none>', '2m26s', 'c', 'bb:v1', 'app=agent']
    expect(DAEMON_SETS.printer.cells(set, Date.parse('2026-11-23T16:28:02Z'))).toEqual(cells)
  })
})
