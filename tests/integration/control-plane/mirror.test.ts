/** Mirror pods on a real control plane, seen and touched with the real kubectl: REPORT P2.1 and P2.2. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { PODS } from '../../../src-main/kube/resources.ts'
import { ADDED_SINCE, computeComparableMirror } from '../../golden/mirror-pod/mirror-pod.ts'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { RUN_FOREVER } from '../../support/manifests.ts'
import { waitUntil } from '../../support/wait-until.ts'

/** The recorded one, with an image that a lab has. */
const webManifest = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' }, annotations: { note: 'hello' } },
  spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', RUN_FOREVER] }] },
})
const REPEATS = 5
/** What the issue asks is 0.5 s on a machine that has nothing else to do; this one may have. */
const RETURN_LIMIT_MS = 5_000

const lab = new ControlPlaneLab('mirror')
let nodeKubeconfig: string

beforeAll(async () => {
  await lab.up('--nodes', '1')
  await lab.drop('web.json', webManifest)
  await lab.waitForApiRunning('web-node01')
  nodeKubeconfig = await lab.nodeKubeconfig('node01')
})

afterAll(() => lab.dispose())

describe('a mirror pod', () => {
  it('given the recorded manifest, when it runs, then its mirror is the recorded one', () => {
    return expectRecordedMirror()
  })

  // kubectl that waits for the end of an object by its name may see the new one first, here as on any cluster, and wait for ever.
  it.each([
    { how: 'deleted', flags: ['--wait=false'], says: 'pod "web-node01" deleted', warning: '' },
    {
      how: 'deleted by force',
      flags: ['--force', '--grace-period=0', '--wait=false'],
      says: 'pod "web-node01" force deleted',
      warning: 'Warning: Immediate deletion does not wait for confirmation',
    },
  ])('given a mirror, when it is $how, then a new one is there and the container is the old', async (given) => {
    const waits: number[] = []
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const before = await lab.apiPod('web-node01')
      waits.push(
        await measureReturn(before.metadata.uid ?? '', async () => {
          const { exitCode, stdout, stderr } = await lab.kubectl(['delete', 'pod', 'web-node01', ...given.flags])
          expect({ exitCode, says: stdout.trim() }).toEqual({ exitCode: 0, says: given.says })
          expect(stderr).toContain(given.warning)
        }),
      )
      const after = await lab.waitForApiRunning('web-node01')
      expect(containerOf(after)).toEqual(containerOf(before))
    }
    waits.sort((a, b) => a - b)
    console.log(`  mirror ${given.how}: back after ${waits.map((ms) => ms.toFixed(0)).join(', ')} ms`)
    expect(waits[Math.floor(REPEATS / 2)]).toBeLessThan(RETURN_LIMIT_MS)
  })

  it('given a mirror, when it is evicted, then it is answered with success, and the pod runs on', async () => {
    const before = await lab.apiPod('web-node01')
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'web-node01', namespace: 'default' },
    }
    const path = '/api/v1/namespaces/default/pods/web-node01/eviction'
    const answer = await lab.kubectlOk(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) })
    expect(JSON.parse(answer)).toMatchObject({ status: 'Success', code: 201 })
    const after = await waitForOther(before)
    expect(containerOf(after)).toEqual(containerOf(before))
  })

  it('given a node with mirrors, when it is drained, then they are left out, without a word', async () => {
    const before = await lab.apiPod('web-node01')
    const { exitCode, stdout } = await lab.kubectl(['drain', 'node01'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'node/node01 cordoned\nnode/node01 drained\n' })
    expect((await lab.apiPod('web-node01')).metadata.uid).toBe(before.metadata.uid)
    await lab.kubectlOk(['uncordon', 'node01'])
  })
})

describe('an edited mirror pod', () => {
  const editsTaken: { words: string[]; says: string }[] = [
    { words: ['label', 'pod', 'web-node01', 'x=y'], says: 'pod/web-node01 labeled' },
    { words: ['label', 'pod', 'web-node01', '--overwrite', 'app=other'], says: 'pod/web-node01 labeled' },
    { words: ['annotate', 'pod', 'web-node01', 'k=v'], says: 'pod/web-node01 annotated' },
    {
      words: ['annotate', 'pod', 'web-node01', '--overwrite', 'kubernetes.io/config.hash=zzz'],
      says: 'pod/web-node01 annotated',
    },
    { words: ['set', 'image', 'pod/web-node01', 'c=busybox:other'], says: 'pod/web-node01 image updated' },
    {
      words: ['patch', 'pod', 'web-node01', '-p', '{"spec":{"activeDeadlineSeconds":1000}}'],
      says: 'pod/web-node01 patched',
    },
    {
      words: [
        'patch',
        'pod',
        'web-node01',
        '-p',
        '{"spec":{"tolerations":[{"operator":"Exists","effect":"NoExecute"},{"key":"a","operator":"Exists"}]}}',
      ],
      says: 'pod/web-node01 patched',
    },
    {
      words: ['patch', 'pod', 'web-node01', '-p', '{"metadata":{"ownerReferences":null}}'],
      says: 'pod/web-node01 patched',
    },
  ]

  it('given a mirror, when it is changed as far as a pod can be, then nothing takes it back and nothing follows', async () => {
    const before = await lab.apiPod('web-node01')
    for (const { words, says } of editsTaken) expect((await lab.kubectlOk(words)).trim()).toBe(says)
    // A pod that comes and runs: the kubelet has had its looks at all of them.
    await lab.drop('other.json', webManifest.replaceAll('"web"', '"other"'))
    await lab.waitForApiRunning('other-node01')
    await lab.removeFile('other.json')
    const after = await lab.apiPod('web-node01')
    expect(after.metadata).toMatchObject({
      uid: before.metadata.uid,
      labels: { app: 'other', x: 'y' },
      annotations: { k: 'v', 'kubernetes.io/config.hash': 'zzz' },
    })
    expect(after.metadata.ownerReferences).toBeUndefined()
    expect(after.spec.activeDeadlineSeconds).toBe(1000)
    expect(after.spec.containers[0]?.image).toBe('busybox:other')
    expect(containerOf(after)).toEqual(containerOf(before))
    expect(after.status?.containerStatuses?.[0]?.image).toBe('busybox:1.36')
  })

  const annotationKept =
    'The Pod "web-node01" is invalid: metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not remove or update mirror pod annotation'
  it.each([
    {
      what: 'its mirror annotation taken away',
      words: ['annotate', 'pod', 'web-node01', 'kubernetes.io/config.mirror-'],
    },
    {
      what: 'its mirror annotation changed',
      words: ['annotate', 'pod', 'web-node01', '--overwrite', 'kubernetes.io/config.mirror=zzz'],
    },
  ])('given a mirror, when $what, then that is refused as recorded', async ({ words }) => {
    expect(await lab.kubectl(words)).toEqual({ exitCode: 1, stdout: '', stderr: `${annotationKept}\n` })
  })

  it.each([
    { field: 'env', spec: { containers: [{ name: 'c', env: [{ name: 'A', value: '1' }] }] }, difference: /-\s+Env:/ },
    { field: 'command', spec: { containers: [{ name: 'c', command: ['sleep', '9'] }] }, difference: /-\s+"sleep",/ },
    {
      field: 'grace',
      spec: { terminationGracePeriodSeconds: 5 },
      difference: /-\s+TerminationGracePeriodSeconds: &5,/,
    },
  ])('given a mirror, when its $field is changed, then that is refused, with the difference', async (given) => {
    const result = await lab.kubectl(['patch', 'pod', 'web-node01', '-p', JSON.stringify({ spec: given.spec })])
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toMatch(
      /^The Pod "web-node01" is invalid: spec: Forbidden: pod updates may not change fields other than /,
    )
    expect(result.stderr).toMatch(given.difference)
  })
})

describe('a mirror pod as a kubelet may make it', () => {
  const env = (from: object): object => ({
    containers: [{ name: 'c', image: 'busybox', env: [{ name: 'A', valueFrom: from }] }],
  })
  let nodeUid: string

  beforeEach(async () => {
    nodeUid = (await lab.kubectlJson<Pod>('get', 'node', 'node01')).metadata.uid ?? ''
  })

  const noSecrets = 'a mirror pod may not reference secrets'
  const noConfigMaps = 'node "node01" can not create pods that reference configmaps'
  it.each([
    { what: 'a ConfigMap in env', spec: env({ configMapKeyRef: { name: 'a', key: 'b' } }), says: noConfigMaps },
    {
      what: 'a ConfigMap in a volume',
      spec: { volumes: [{ name: 'v', configMap: { name: 'a' } }] },
      says: noConfigMaps,
    },
    { what: 'a Secret in env', spec: env({ secretKeyRef: { name: 'a', key: 'b' } }), says: noSecrets },
    { what: 'a Secret in a volume', spec: { volumes: [{ name: 'v', secret: { secretName: 'a' } }] }, says: noSecrets },
    {
      what: 'a ServiceAccount',
      spec: { serviceAccountName: 'default' },
      says: 'a mirror pod may not reference service accounts',
    },
    { what: 'imagePullSecrets', spec: { imagePullSecrets: [{ name: 'a' }] }, says: noSecrets },
    {
      what: 'another node as its own',
      spec: { nodeName: 'controlplane' },
      says: 'node "node01" can only create pods with spec.nodeName set to itself',
    },
  ])('given the credentials of node01, when its mirror names $what, then it is refused as recorded', async (given) => {
    expect(await createAsNode({}, given.spec)).toBe(`pods "made-node01" is forbidden: ${given.says}`)
  })

  it.each([
    {
      what: 'no mirror annotation',
      metadata: (): object => ({ annotations: {} }),
      says: (): string =>
        'pod does not have "kubernetes.io/config.mirror" annotation, node "node01" can only create mirror pods',
    },
    {
      what: 'no owner',
      metadata: (): object => ({ ownerReferences: [] }),
      says: (): string => 'node "node01" can only create pods with an owner reference set to itself',
    },
    {
      what: 'another node as its owner',
      metadata: (): object => ({ ownerReferences: [owner({ name: 'controlplane' })] }),
      says: (): string => 'node "node01" can only create pods with an owner reference set to itself',
    },
    {
      what: 'another uid of its owner',
      metadata: (): object => ({ ownerReferences: [owner({ uid: 'zzz' })] }),
      says: (): string => `node node01 UID mismatch: expected zzz got ${nodeUid}`,
    },
    {
      what: 'an owner whose deletion it blocks',
      metadata: (): object => ({ ownerReferences: [owner({ blockOwnerDeletion: true })] }),
      says: (): string => 'node "node01" must not set blockOwnerDeletion on an owner reference',
    },
  ])('given the credentials of node01, when a pod has $what, then it is refused as recorded', async (given) => {
    expect(await createAsNode(given.metadata(), {})).toBe(`pods "made-node01" is forbidden: ${given.says()}`)
  })

  it('given a pod of its name in the API, when a manifest comes, then both run, and the mirror waits until it has gone', async () => {
    const clash = { ...JSON.parse(webManifest), metadata: { name: 'clash-node01' } } as Pod
    await lab.kubectlOk(['create', '-f', '-'], {
      input: JSON.stringify({ ...clash, spec: { ...clash.spec, nodeName: 'node01' } }),
    })
    await lab.waitForApiRunning('clash-node01')
    await lab.drop('clash.json', webManifest.replace('"web"', '"clash"'))
    const both = await waitUntil({ what: 'both pods to run', timeoutSeconds: 90 }, async () => {
      const found = (await lab.pods('node01')).filter(({ metadata }) => metadata.name === 'clash-node01')
      return found.filter(({ status }) => status?.phase === 'Running').length === 2 ? found : undefined
    })
    const isStatic = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file'
    expect(both.filter(isStatic)).toHaveLength(1)
    const ordinary = await lab.apiPod('clash-node01')
    expect(isStatic(ordinary)).toBe(false)
    await lab.kubectlOk(['delete', 'pod', 'clash-node01', '--grace-period=1'])
    const mirror = await waitForOther(ordinary)
    expect(isStatic(mirror)).toBe(true)
    expect(containerOf(await lab.waitForApiRunning('clash-node01'))).toEqual(containerOf(both.find(isStatic)))
  })

  function owner(changes: object): object {
    return { apiVersion: 'v1', kind: 'Node', name: 'node01', uid: nodeUid, controller: true, ...changes }
  }

  /** @returns the server's message; a pod that was made is an empty one */
  async function createAsNode(metadata: object, spec: object): Promise<string> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'made-node01',
        namespace: 'default',
        annotations: { 'kubernetes.io/config.mirror': 'abc' },
        ownerReferences: [owner({})],
        ...metadata,
      },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'busybox' }], ...spec },
    }
    const { stderr } = await lab.kubectl(['create', '-f', '-'], {
      input: JSON.stringify(pod),
      kubeconfig: nodeKubeconfig,
    })
    return stderr.replace(/^Error from server \(Forbidden\): error when creating "STDIN": /, '').trim()
  }
})

async function expectRecordedMirror(): Promise<void> {
  const recorded = computeComparableMirror(
    JSON.parse(readFileSync(new URL('../../golden/mirror-pod/recorded-mirror.json', import.meta.url), 'utf8')) as Pod,
  )
  const ours = computeComparableMirror(await lab.apiPod('web-node01'))
  expect(ours.facts).toEqual(recorded.facts)
  expect(ours.added).toEqual(ADDED_SINCE)
}

describe('a component of the control plane', () => {
  it('given the scheduler, when it is stopped, then new pods wait and static ones run on; and when it is started, they get their node', async () => {
    const before = containerOf(await lab.pod('web-node01'))
    expect(await lab.ok('component', 'stop', 'kube-scheduler')).toContain('/stopped/kube-scheduler.yaml')
    await lab.waitForGone('kube-scheduler-controlplane')
    await lab.kubectlOk(['run', 'waits', '--image=busybox:1.36', '--restart=Never', '--', 'true'])
    const pod = await lab.waitForApiPod('waits', 'there', () => true)
    expect(pod.spec.nodeName).toBeUndefined()
    expect(containerOf(await lab.pod('web-node01'))).toEqual(before)
    expect(await lab.ok('component', 'list')).toMatch(/kube-scheduler +stopped/)
    await lab.ok('component', 'start', 'kube-scheduler')
    await lab.waitForApiPod('waits', 'bound', ({ spec }) => spec.nodeName === 'node01')
    expect(await lab.pod('kube-scheduler-controlplane')).toBeDefined()
    await lab.kubectlOk(['delete', 'pod', 'waits', '--force', '--grace-period=0'])
  })
})

function containerOf(pod: Pod | undefined): unknown {
  const [status] = pod?.status?.containerStatuses ?? []
  return { id: status?.containerID, restartCount: status?.restartCount }
}

function waitForOther(before: Pod): Promise<Pod> {
  return lab.waitForApiPod(
    before.metadata.name ?? '',
    'made anew',
    ({ metadata, status }) => metadata.uid !== before.metadata.uid && status?.phase === 'Running',
  )
}

/**
 * Milliseconds between the first word of a watch that the mirror `uid` goes and its word that another has come: the time that
 * kubectl takes to start is not in it.
 */
async function measureReturn(uid: string, act: () => Promise<void>): Promise<number> {
  const client = lab.client()
  const { metadata } = await client.list(PODS, { namespace: 'default' })
  const watch = await client.watch(PODS, { namespace: 'default', resourceVersion: metadata.resourceVersion ?? '' })
  try {
    const acted = act()
    let goneAtMs: number | undefined
    for await (const event of watch) {
      if (event.type === 'ERROR' || event.object.metadata.name !== 'web-node01') continue
      if (event.object.metadata.uid === uid && goneAtMs === undefined) goneAtMs = performance.now()
      if (event.object.metadata.uid !== uid && goneAtMs !== undefined) {
        const waitedMs = performance.now() - goneAtMs
        await acted
        return waitedMs
      }
    }
    throw new Error('the watch ended before the mirror was back')
  } finally {
    await watch.dispose()
    client.dispose()
  }
}
