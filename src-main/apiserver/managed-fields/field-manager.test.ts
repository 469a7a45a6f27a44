import { describe, expect, it } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { object, pointer, required, STRING, INT32 } from '../../common/api/field-schema.ts'
import { LABEL_SELECTOR } from '../../common/api/label-selector-schema.ts'
import { OBJECT_META, POD_SCHEMA } from '../../common/api/pod-schema.ts'
import { StatusError } from '../../kube/status-error.ts'
import type { BodyKind } from '../serialization/json/decode-body.ts'
import { applyConfiguration, type ApplyWrite } from './apply-configuration.ts'
import { decodeApplied } from './decode-applied.ts'
import { managerOf, recordUpdate, type ManagedWrite } from './field-manager.ts'

const SCHEMA = object('DaemonSet', {
  apiVersion: STRING,
  kind: STRING,
  metadata: required(OBJECT_META),
  spec: required(
    object('DaemonSetSpec', {
      selector: required(LABEL_SELECTOR),
      template: required(
        object('PodTemplateSpec', {
          metadata: required(OBJECT_META),
          spec: required(POD_SCHEMA.fields['spec'] as typeof POD_SCHEMA),
        }),
      ),
      minReadySeconds: pointer(INT32),
    }),
  ),
  status: required(object('DaemonSetStatus', { numberReady: required(INT32), observedGeneration: INT32 })),
})
const DAEMON_SET: BodyKind = { group: 'apps', version: 'v1', kind: 'DaemonSet', schema: SCHEMA }
const NOW = Date.parse('2026-11-23T16:29:19Z')

interface Container {
  name: string
  [field: string]: unknown
}

/** A configuration as somebody writes it. */
function configuration(containers: Container[], fields: { labels?: Record<string, string>; spec?: object } = {}) {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'd2', namespace: 'apins', ...(fields.labels === undefined ? {} : { labels: fields.labels }) },
    spec: {
      selector: { matchLabels: { app: 'd2' } },
      template: { metadata: { labels: { app: 'd2' } }, spec: { containers } },
      ...fields.spec,
    },
  }
}

/** What the server keeps of it. */
const stored = (of: object): UnknownObject => {
  const copy = structuredClone(of) as UnknownObject
  copy.metadata.uid = 'u'
  copy['status'] = { numberReady: 0 }
  return copy
}

const write = (manager: string, changes: Partial<ManagedWrite> = {}): ManagedWrite => ({
  kind: DAEMON_SET,
  manager,
  subresource: '',
  now: NOW,
  ...changes,
})

function apply(
  live: UnknownObject | undefined,
  applied: object,
  manager = 'kubectl',
  changes: Partial<ApplyWrite> = {},
) {
  const { object: decoded } = decodeApplied(Buffer.from(JSON.stringify(applied)), DAEMON_SET, 'Strict')
  return applyConfiguration(live, decoded, { ...write(manager), force: false, ...changes })
}

/** `update` as a PUT of a client that knows nothing of managers. */
function update(
  live: UnknownObject,
  manager: string,
  change: (draft: Draft) => void,
  changes: Partial<ManagedWrite> = {},
) {
  const updated = structuredClone(live)
  change(updated as unknown as Draft)
  delete (updated.metadata as { managedFields?: unknown }).managedFields
  recordUpdate(live, updated, write(manager, changes))
  return updated
}

interface Draft {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string>; managedFields?: object[] }
  spec: { template: { spec: { containers: Container[] } }; minReadySeconds?: number }
  status: { numberReady: number }
}

const fieldsOf = (of: UnknownObject): Record<string, object> => {
  const { managedFields = [] } = of.metadata as {
    managedFields?: { manager: string; operation: string; fieldsV1: object }[]
  }
  return Object.fromEntries(managedFields.map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]))
}

const containersOf = (of: UnknownObject) => (of as unknown as Draft).spec.template.spec.containers

function refusal(attempt: () => unknown): StatusError['status'] {
  try {
    attempt()
  } catch (error) {
    if (error instanceof StatusError) return error.status
    throw error
  }
  throw new Error('it was not refused')
}

const C: Container = { name: 'c', image: 'bb:v1', command: ['sh', '-c', 'sleep 3600'] }
const IMAGE = (set: object) => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': set } } } },
})

describe('managedFields of updates', () => {
  it('given a creation, when it is recorded, then the creator owns what it wrote but not names and status', () => {
    const created = stored(configuration([C], { labels: { app: 'd2' } }))
    recordUpdate(undefined, created, write('kubectl-create'))
    expect((created.metadata as { managedFields?: object[] }).managedFields).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: '2026-11-23T16:29:19Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
              'f:spec': {
                'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:command': {}, 'f:image': {}, 'f:name': {} } },
              },
            },
          },
        },
      },
    ])
  })

  it('given another writer, when it changes a field, then it takes that field from its owner, as recorded for kubectl set', () => {
    const created = stored(configuration([C]))
    recordUpdate(undefined, created, write('kubectl-create'))
    const updated = update(created, 'kubectl-set', ({ spec }) => {
      for (const container of spec.template.spec.containers) container['image'] = 'bb:v2'
    })
    const fields = fieldsOf(updated)
    expect(fields['kubectl-set Update']).toEqual(IMAGE({ 'f:image': {} }))
    expect(JSON.stringify(fields['kubectl-create Update'])).not.toContain('f:image')
  })

  it('given a write that changes nothing, then nobody owns more and no time changes', () => {
    const created = stored(configuration([C]))
    recordUpdate(undefined, created, write('kubectl-create'))
    const updated = update(created, 'other', () => {}, { now: NOW + 60_000 })
    expect(updated.metadata).toEqual(created.metadata)
  })

  it('given a write of status, then its entry names the subresource and has nothing of the spec', () => {
    const created = stored(configuration([C]))
    recordUpdate(undefined, created, write('kubectl-create'))
    const updated = update(created, 'kube-controller-manager', ({ status }) => (status.numberReady = 1), {
      subresource: 'status',
    })
    expect((updated.metadata as { managedFields?: object[] }).managedFields?.[0]).toMatchObject({
      manager: 'kube-controller-manager',
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:numberReady': {} } },
    })
  })

  it('given a label that is removed, then nobody owns it any more', () => {
    const created = stored(configuration([C], { labels: { a: '1', b: '2' } }))
    recordUpdate(undefined, created, write('kubectl-create'))
    const updated = update(created, 'kubectl-label', ({ metadata }) => delete metadata.labels?.['a'])
    expect(fieldsOf(updated)['kubectl-create Update']).toMatchObject({
      'f:metadata': { 'f:labels': { '.': {}, 'f:b': {} } },
    })
    expect(JSON.stringify(fieldsOf(updated))).not.toContain('f:a"')
  })

  it('given a client that empties managedFields in the way for that, then all are forgotten', () => {
    const created = stored(configuration([C]))
    recordUpdate(undefined, created, write('kubectl-create'))
    const updated = structuredClone(created)
    Object.assign(updated.metadata, { managedFields: [{}] })
    recordUpdate(created, updated, write('x'))
    expect(updated.metadata).not.toHaveProperty('managedFields')
  })

  it('given nonsense in managedFields, then what stands there counts', () => {
    const created = stored(configuration([C]))
    recordUpdate(undefined, created, write('kubectl-create'))
    const updated = structuredClone(created)
    Object.assign(updated.metadata, { managedFields: [{ manager: 'x', operation: 'Update', fieldsV1: { oops: 1 } }] })
    recordUpdate(created, updated, write('x'))
    expect(updated.metadata).toEqual(created.metadata)
  })

  it('given more writers than are kept apart, then the oldest share an entry', () => {
    let live = stored(configuration([C]))
    recordUpdate(undefined, live, write('creator'))
    for (let index = 0; index < 14; index += 1) {
      live = update(
        live,
        `writer-${index}`,
        ({ metadata }) => (metadata.annotations = { ...metadata.annotations, [`a${index}`]: 'x' }),
        { now: NOW + index * 1000 },
      )
    }
    const { managedFields = [] } = live.metadata as { managedFields?: { manager: string }[] }
    expect(managedFields).toHaveLength(10)
    expect(managedFields[0]?.manager).toBe('ancient-changes')
  })

  it.each([
    ['kubectl-edit', 'kubectl/v1.32', 'kubectl-edit'],
    [undefined, 'kubelet/v1.35.0 (linux/amd64) kubernetes/abc', 'kubelet'],
    ['', undefined, ''],
  ])('given fieldManager %s and user agent %s, then the manager is %s', (fieldManager, userAgent, expected) => {
    expect(managerOf(fieldManager, userAgent)).toBe(expected)
  })
})

describe('server-side apply', () => {
  it('given nothing, when the recorded DaemonSet is applied, then its managedFields are as recorded', () => {
    const applied = configuration([{ name: 'c', image: 'bb:v1', command: ['sh', '-c', 'echo hello; sleep 3600'] }])
    Object.assign(applied.spec.template.spec, { terminationGracePeriodSeconds: 2 })
    const result = apply(undefined, applied)
    expect((result.metadata as { managedFields?: object[] }).managedFields).toEqual([
      {
        manager: 'kubectl',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: '2026-11-23T16:29:19Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:command': {}, 'f:image': {}, 'f:name': {} } },
                'f:terminationGracePeriodSeconds': {},
              },
            },
          },
        },
      },
    ])
  })

  it('given fields that others wrote, when something else is applied, then they stay', () => {
    const live = update(apply(undefined, configuration([C])), 'other', (draft) => {
      draft.spec.minReadySeconds = 5
      draft.spec.template.spec.containers.push({ name: 'sidecar', image: 's' })
    })
    const result = apply(live, configuration([{ ...C, image: 'bb:v2' }]))
    expect((result as unknown as Draft).spec.minReadySeconds).toBe(5)
    expect(containersOf(result).map(({ name, image }) => [name, image])).toEqual([
      ['c', 'bb:v2'],
      ['sidecar', 's'],
    ])
  })

  it('given a field that is applied no longer, when nobody else owns it, then it is removed', () => {
    const first = apply(
      undefined,
      configuration([C, { name: 'd', image: 'x' }], { labels: { a: '1' }, spec: { minReadySeconds: 5 } }),
    )
    const defaulted = structuredClone(first)
    for (const container of containersOf(defaulted)) container['imagePullPolicy'] = 'IfNotPresent'
    const result = apply(defaulted, configuration([C]))
    expect(containersOf(result)).toEqual([{ ...C, imagePullPolicy: 'IfNotPresent' }])
    expect(result.metadata.labels).toBeUndefined()
    expect(result['spec']).not.toHaveProperty('minReadySeconds')
    expect(result.metadata.name).toBe('d2')
  })

  it('given a field that two apply, when one stops, then it stays and belongs to the other', () => {
    const first = apply(undefined, configuration([C], { labels: { a: '1' } }), 'one')
    const second = apply(first, configuration([C], { labels: { a: '1' } }), 'two')
    const result = apply(second, configuration([C]), 'one')
    expect(result.metadata.labels).toEqual({ a: '1' })
    expect(JSON.stringify(fieldsOf(result)['one Apply'])).not.toContain('f:a"')
  })

  it('given a field that another owns, when another value is applied, then it is refused in upstream words', () => {
    const live = update(apply(undefined, configuration([C])), 'kubectl-client-side-apply', ({ spec }) => {
      for (const container of spec.template.spec.containers) container['image'] = 'bb:v2'
    })
    const status = refusal(() => apply(live, configuration([C])))
    const field = '.spec.template.spec.containers[name="c"].image'
    expect(status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: ${field}`,
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl-client-side-apply" using apps/v1',
            field,
          },
        ],
      },
      code: 409,
    })
    const forced = apply(live, configuration([C]), 'kubectl', { force: true })
    expect(containersOf(forced)[0]?.['image']).toBe('bb:v1')
    expect(fieldsOf(forced)).not.toHaveProperty('kubectl-client-side-apply Update')
  })

  it('given several conflicts, then they are listed by manager', () => {
    const live = update(apply(undefined, configuration([C], { labels: { a: '1' } }), 'one'), 'b', ({ metadata }) => {
      metadata.labels = { a: '2' }
    })
    const { message } = refusal(() =>
      apply(live, configuration([{ ...C, image: 'z' }], { labels: { a: '3' } }), 'three'),
    )
    expect(message).toBe(
      'Apply failed with 2 conflicts: conflicts with "b" using apps/v1:\n- .metadata.labels.a\n' +
        'conflicts with "one":\n- .spec.template.spec.containers[name="c"].image',
    )
  })

  it('given the same value as another owns, when it is applied, then both own it', () => {
    const live = apply(undefined, configuration([C]), 'one')
    const fields = fieldsOf(apply(live, configuration([C]), 'two'))
    expect(fields['one Apply']).toEqual(fields['two Apply'])
  })

  it('given an object of client-side apply, when kubectl applies it on the server, then it takes over what it applied', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
    const live = stored(configuration([C]))
    live.metadata.annotations = { [annotation]: `${JSON.stringify(configuration([C]))}\n` }
    recordUpdate(undefined, live, write('kubectl-client-side-apply'))
    const next = configuration([{ ...C, image: 'bb:v2' }])
    const result = apply(live, next)
    expect(containersOf(result)[0]?.['image']).toBe('bb:v2')
    expect(JSON.parse(result.metadata.annotations?.[annotation] ?? '')).toMatchObject({ spec: next.spec })
    expect(refusal(() => apply(live, next, 'another')).reason).toBe('Conflict')
  })

  it('given an object from before there were managers, when it is applied, then what it had belongs to before-first-apply', () => {
    const result = apply(stored(configuration([C])), configuration([C]), 'one')
    expect(Object.keys(fieldsOf(result))).toEqual(['one Apply', 'before-first-apply Update'])
  })

  it('given a second apply of the same, then nothing changes, not even a time', () => {
    const live = apply(undefined, configuration([C]))
    expect(apply(live, configuration([C]), 'kubectl', { now: NOW + 60_000 })).toEqual(live)
  })

  it.each([
    [
      { ...configuration([C]), apiVersion: 'apps/v1beta1' },
      400,
      'Incorrect version specified in apply patch. Specified patch version: apps/v1beta1, expected: apps/v1',
    ],
    [
      configuration([{ ...C, bar: 1 }], { spec: { foo: 1 } }),
      500,
      'failed to create typed patch object (apins/d2; apps/v1, Kind=DaemonSet): errors:\n' +
        '  .spec.template.spec.containers[name="c"].bar: field not declared in schema\n' +
        '  .spec.foo: field not declared in schema',
    ],
    [
      configuration([C], { spec: { foo: 1 } }),
      500,
      'failed to create typed patch object (apins/d2; apps/v1, Kind=DaemonSet): .spec.foo: field not declared in schema',
    ],
    [
      { ...configuration([C]), metadata: { name: 'd2', managedFields: [{}] } },
      400,
      'metadata.managedFields must be nil',
    ],
  ])('given %j, when it is applied, then it is refused', (applied, code, message) => {
    expect(refusal(() => apply(undefined, applied))).toMatchObject({ code, message })
  })

  it('given no manager, then apply is refused', () => {
    expect(refusal(() => apply(undefined, configuration([C]), '')).message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  })
})
