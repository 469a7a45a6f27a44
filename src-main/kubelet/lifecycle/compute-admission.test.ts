/** Decides on one healthy pod and a node of two cores, and what changes. */
import { describe, expect, it } from 'vitest'
import type { Container, Pod } from '../../common/api/core.ts'
import { CONFIG_SOURCE_ANNOTATION } from '../../common/api/kubelet-labels.ts'
import { aContainer } from '../testing/pod-builders.ts'
import { computeAdmission } from './compute-admission.ts'
import type { Admission } from './compute-admission.ts'
import { computeNodeLabels } from './node-labels.ts'

const NODE = {
  name: 'node01',
  labels: computeNodeLabels('node01', 'x64', { disk: 'fast', cores: '2' }),
  allocatable: new Map([
    ['cpu', 2000n],
    ['memory', 1024n],
    ['ephemeral-storage', 1000n],
    ['pods', 3n],
  ]),
}

function aStaticPod(name: string, spec: Partial<Pod['spec']> = {}, labels: Record<string, string> = {}): Pod {
  const annotations = { [CONFIG_SOURCE_ANNOTATION]: 'file' }
  return {
    metadata: { name, namespace: 'default', uid: name, labels, annotations },
    spec: { containers: [aContainer('c')], ...spec },
  }
}

function anAPIPod(name: string, spec: Partial<Pod['spec']> = {}): Pod {
  return { metadata: { name, uid: name, annotations: { [CONFIG_SOURCE_ANNOTATION]: 'api' } }, spec: asking({}, spec) }
}

/** A spec whose container requests that. */
function asking(requests: Record<string, string>, more: Partial<Pod['spec']> = {}): Pod['spec'] {
  return { containers: [aContainer('c', { resources: { requests } })], ...more }
}

function withPort(port: NonNullable<Container['ports']>[number]): Partial<Pod['spec']> {
  return { containers: [aContainer('c', { ports: [port] })] }
}

const admit = (pod: Pod, ...others: Pod[]): Admission => computeAdmission(pod, others, NODE)
const admitted = (...victims: Pod[]): Admission => ({ admitted: true, victims })
const UNRECOVERED =
  'Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: '

describe('labels of the node', () => {
  const AFFINITY = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
  const refused: Admission = { admitted: false, reason: 'NodeAffinity', message: AFFINITY }
  const requiring = (...nodeSelectorTerms: object[]): Partial<Pod['spec']> => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  })
  const expression = (key: string, operator: string, ...values: string[]): object => ({
    matchExpressions: [{ key, operator, values }],
  })

  it.each<[string, Partial<Pod['spec']>, Admission]>([
    [
      'a selector of labels that it has',
      { nodeSelector: { 'kubernetes.io/hostname': 'node01', disk: 'fast' } },
      admitted(),
    ],
    [
      'beta labels',
      { nodeSelector: { 'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux' } },
      admitted(),
    ],
    ['a selector with one label too many', { nodeSelector: { disk: 'fast', gpu: 'yes' } }, refused],
    ['a label in a list', requiring(expression('disk', 'In', 'slow', 'fast')), admitted()],
    ['a label not in a list', requiring(expression('disk', 'In', 'slow')), refused],
    ['the absence of what it does not have', requiring(expression('gpu', 'NotIn', 'yes')), admitted()],
    ['a label that has to be there', requiring(expression('gpu', 'Exists')), refused],
    ['a label that must not be there', requiring(expression('disk', 'DoesNotExist')), refused],
    ['a number above a bound', requiring(expression('cores', 'Gt', '1')), admitted()],
    ['a number below its own value', requiring(expression('cores', 'Lt', '2')), refused],
    ['a number where a word is', requiring(expression('disk', 'Gt', '1')), refused],
    ['one of two terms', requiring(expression('gpu', 'Exists'), expression('disk', 'Exists')), admitted()],
    ['a term without requirements', requiring({}), refused],
    ['its name', requiring({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node02'] }] }), refused],
  ])('given a pod that asks for %s, then it is decided so', (_what, spec, expected) => {
    expect(admit(aStaticPod('web', spec))).toEqual(expected)
  })

  it('given only a preference, or affinity to pods, then the kubelet does not ask', () => {
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }] }
    const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone' }] }
    expect(admit(aStaticPod('web', { affinity: { nodeAffinity, podAffinity } }))).toEqual(admitted())
  })
})

describe('what no room helps', () => {
  it('given another operating system, then it is refused by field and by label', () => {
    expect(admit(aStaticPod('web', { os: { name: 'windows' } }))).toEqual({
      admitted: false,
      reason: 'PodOSNotSupported',
      message: "Failed to admit pod as the OS field doesn't match node OS",
    })
    expect(admit(aStaticPod('web', {}, { 'kubernetes.io/os': 'windows' }))).toMatchObject({
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
    })
    expect(admit(aStaticPod('web', { os: { name: 'linux' } }, { 'kubernetes.io/os': 'linux' }))).toEqual(admitted())
  })

  it('given groups of the image that are not wanted, then it is refused', () => {
    expect(admit(aStaticPod('web', { securityContext: { supplementalGroupsPolicy: 'Strict' } }))).toMatchObject({
      reason: 'SupplementalGroupsPolicyNotSupported',
    })
  })

  it('given the name of another node, then it is refused', () => {
    expect(admit(aStaticPod('web', { nodeName: 'node02' }))).toEqual({
      admitted: false,
      reason: 'NodeName',
      message: "Predicate NodeName failed: node(s) didn't match the requested node name",
    })
  })
})

describe('ports of the node', () => {
  const taken = aStaticPod('first', withPort({ containerPort: 80, hostPort: 8080 }))
  const refused = {
    admitted: false,
    reason: 'NodePorts',
    message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  }

  it.each<[string, NonNullable<Container['ports']>[number], boolean]>([
    ['the same port', { containerPort: 81, hostPort: 8080 }, false],
    ['the same port at one address', { containerPort: 81, hostPort: 8080, hostIP: '10.0.0.1' }, false],
    ['another port', { containerPort: 80, hostPort: 8081 }, true],
    ['the same number of another protocol', { containerPort: 80, hostPort: 8080, protocol: 'UDP' }, true],
    ['no port of the node', { containerPort: 8080 }, true],
  ])('given port 8080 is taken, when a pod wants %s, then it is decided so', (_what, port, fits) => {
    expect(admit(aStaticPod('second', withPort(port)), taken)).toEqual(fits ? admitted() : refused)
  })

  it('given two addresses of the node, then each has the port for itself', () => {
    const at = (hostIP: string): Partial<Pod['spec']> => withPort({ containerPort: 80, hostPort: 8080, hostIP })
    expect(admit(aStaticPod('b', at('10.0.0.2')), aStaticPod('a', at('10.0.0.1')))).toEqual(admitted())
    expect(admit(aStaticPod('b', at('10.0.0.1')), aStaticPod('a', at('10.0.0.1')))).toEqual(refused)
  })
})

describe('resources', () => {
  it('given enough is left, down to the last millicore, then it is admitted', () => {
    const first = aStaticPod('first', asking({ cpu: '1500m' }))
    expect(admit(aStaticPod('second', asking({ cpu: '0.5' })), first)).toEqual(admitted())
  })

  it('given a static pod that does not fit, then nobody can make room and it is an unexpected error', () => {
    const first = aStaticPod('first', asking({ cpu: '1500m' }))
    expect(admit(aStaticPod('second', asking({ cpu: '1', memory: '2Ki' })), first)).toEqual({
      admitted: false,
      reason: 'UnexpectedAdmissionError',
      message: `${UNRECOVERED}[(res: cpu, q: 500), (res: memory, q: 1024), ]`,
    })
  })

  it('given the node is full of pods, then the next one asks for one pod of room', () => {
    const others = ['a', 'b', 'c'].map((name) => aStaticPod(name))
    expect(admit(aStaticPod('d'), ...others)).toMatchObject({ message: `${UNRECOVERED}[(res: pods, q: 1), ]` })
  })

  it('given labels do not match either, then that is told: a critical pod does not fail for resources', () => {
    const pod = aStaticPod('web', { ...asking({ cpu: '9' }), nodeSelector: { gpu: 'yes' } })
    expect(admit(pod)).toMatchObject({ reason: 'NodeAffinity' })
  })

  it.each<[string, Record<string, string>, string, string]>([
    ['cpu', { cpu: '3' }, 'OutOfcpu', 'cpu, requested: 3000, used: 0, capacity: 2000'],
    ['memory', { memory: '2Ki' }, 'OutOfmemory', 'memory, requested: 2048, used: 0, capacity: 1024'],
    [
      'disk',
      { 'ephemeral-storage': '1Ki' },
      'OutOfephemeral-storage',
      'ephemeral-storage, requested: 1024, used: 0, capacity: 1000',
    ],
    [
      'huge pages',
      { 'hugepages-2Mi': '2Mi' },
      'OutOfhugepages-2Mi',
      'hugepages-2Mi, requested: 2097152, used: 0, capacity: 0',
    ],
  ])('given an ordinary pod with too much %s, then it is refused in those words', (_what, requests, reason, words) => {
    expect(admit(anAPIPod('web', asking(requests)))).toEqual({
      admitted: false,
      reason,
      message: `Node didn't have enough resource: ${words}`,
    })
  })

  it('given a resource that this node has never heard of, then it is not asked for', () => {
    expect(admit(aStaticPod('web', asking({ 'example.com/gpu': '4' })))).toEqual(admitted())
  })
})

describe('making room', () => {
  it('given ordinary pods, when a static one does not fit, then the fewest of the cheapest kind end', () => {
    const small = anAPIPod('small', asking({ cpu: '200m' }))
    const large = anAPIPod('large', asking({ cpu: '1500m' }))
    expect(admit(aStaticPod('web', asking({ cpu: '1' })), small, large)).toEqual(admitted(large))
  })

  it('given a guaranteed and a burstable pod that would each do, then the burstable one ends', () => {
    const resources = { requests: { cpu: '1', memory: '1' }, limits: { cpu: '1', memory: '1' } }
    const guaranteed = anAPIPod('guaranteed', { containers: [aContainer('c', { resources })] })
    const burstable = anAPIPod('burstable', asking({ cpu: '1' }))
    expect(admit(aStaticPod('web', asking({ cpu: '1' })), guaranteed, burstable)).toEqual(admitted(burstable))
  })

  it('given static pods, then a written priority that is higher takes the place, an equal or missing one does not', () => {
    const first = (priority?: number): Pod =>
      aStaticPod('first', asking({ cpu: '2' }, priority === undefined ? {} : { priority }))
    const second = aStaticPod('second', asking({ cpu: '1' }, { priority: 10 }))
    expect(admit(second, first(9))).toEqual(admitted(first(9)))
    expect(admit(second, first(10))).toMatchObject({ reason: 'UnexpectedAdmissionError' })
    expect(admit(second, first())).toMatchObject({ reason: 'UnexpectedAdmissionError' })
  })

  it('given an ordinary pod of a system priority, then nothing has to end for another ordinary one', () => {
    const critical = anAPIPod('critical', asking({ cpu: '2' }, { priority: 2_000_000_000 }))
    expect(admit(anAPIPod('web', asking({ cpu: '1' })), critical)).toMatchObject({ reason: 'OutOfcpu' })
    expect(admit(aStaticPod('web', asking({ cpu: '1' })), critical)).toMatchObject({
      reason: 'UnexpectedAdmissionError',
    })
  })
})
