/**
 * Attacks by manifest, and by somebody who is root on a node (docs/security.md): each is refused in words that the pod's
 * status, the file's verdict or the timeline shows, or what it reaches is the node's own. One lab suffers all of them at
 * once, with a bystander in it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pod } from '../../src-main/common/api/core.ts'
import type { FileVerdict } from '../../src-main/common/lab/file-verdict.ts'
import type { TimelineEntry } from '../../src-main/common/lab/timeline-entry.ts'
import { execIn, inspectContainer } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('attacks')
const node = `node-lab.${lab.name}.node01`
const onNode = (script: string): Promise<string> => execIn(node, 'sh', '-c', script)
const onService = (script: string): Promise<string> => execIn(`${node}.runtime`, 'sh', '-c', script)

/** A process of this computer that no pod may see. */
const SECRET_SECONDS = `86${process.pid}`
let secret: ChildProcess | undefined

type Fields = Record<string, unknown>

/** A pod whose only container and whose spec have further fields. */
function manifest(name: string, spec: Fields, container: Fields = {}, script = RUN_FOREVER): string {
  const pod = JSON.parse(shellManifest(name, script, spec)) as { spec: { containers: Fields[] } }
  Object.assign(pod.spec.containers[0] ?? {}, container)
  return JSON.stringify(pod)
}

function hostPath(name: string, path: string, mount: Fields = {}, script = RUN_FOREVER): string {
  const volumes = [{ name: 'v', hostPath: { path } }]
  return manifest(name, { volumes }, { volumeMounts: [{ name: 'v', mountPath: '/x', ...mount }] }, script)
}

/** An init container plants a link in the pod's own volume, and the container mounts what the link leads to. */
function planted(name: string, target: string): string {
  const v = { name: 'v', mountPath: '/x' }
  const plant = { name: 'plant', image: 'busybox:1.36', command: ['ln', '-sfn', target, '/x/out'], volumeMounts: [v] }
  const volumes = [{ name: 'v', emptyDir: {} }]
  return manifest(name, { volumes, initContainers: [plant] }, { volumeMounts: [{ ...v, subPath: 'out' }] })
}

const secured = (name: string, securityContext: Fields): string => manifest(name, {}, { securityContext })
const podSecured = (name: string, securityContext: Fields): string => manifest(name, { securityContext })

const NOT_ON_NODE = /cannot be given to a pod: on a Node Lab node pods can use/
/** What is refused: the manifest by its pod's name, and the words that have to be seen. */
const REFUSED: Record<string, [file: (name: string) => string, words: RegExp]> = {
  'path-root': [(name) => hostPath(name, '/'), NOT_ON_NODE],
  'path-passwd': [(name) => hostPath(name, '/etc/passwd'), NOT_ON_NODE],
  'path-proc': [(name) => hostPath(name, '/proc/1/root'), NOT_ON_NODE],
  'path-dev': [(name) => hostPath(name, '/dev'), NOT_ON_NODE],
  'path-dots': [(name) => hostPath(name, '/data/../etc'), /must not contain '\.\.'/],
  'path-manifests': [(name) => hostPath(name, '/etc/kubernetes/manifests'), /belongs to the kubelet/],
  'path-manifests-slashes': [(name) => hostPath(name, '//etc/kubernetes/./manifests/'), /belongs to the kubelet/],
  'socket-run': [(name) => hostPath(name, '/run/docker.sock'), NOT_ON_NODE],
  'socket-var-run': [(name) => hostPath(name, '/var/run/docker.sock'), NOT_ON_NODE],
  'socket-own': [(name) => hostPath(name, '/run/node-lab/docker.sock'), NOT_ON_NODE],
  'subpath-dots': [(name) => hostPath(name, '/data', { subPath: '../etc' }), /must not contain '\.\.'/],
  'subpath-absolute': [(name) => hostPath(name, '/data', { subPath: '/etc' }), /must be a relative path|absolute/],
  'subpath-link': [(name) => planted(name, '../../../../../../../../etc/kubernetes'), /leads out of its volume/],
  'subpath-link-absolute': [(name) => planted(name, '/etc/kubernetes'), /leads out of its volume/],
  propagation: [
    (name) => hostPath(name, '/data', { mountPropagation: 'Bidirectional' }),
    /mount propagation is not supported|Bidirectional mount propagation is available only to privileged/,
  ],
  'link-absolute': [(name) => hostPath(name, '/data/link-root'), /leads out of the node's volume/],
  'link-below': [(name) => hostPath(name, '/data/link-root/etc'), /leads out of the node's volume/],
  'link-up': [(name) => hostPath(name, '/data/link-up'), /leads out of the node's volume/],
  'link-engine': [(name) => hostPath(name, '/data/link-engine'), /leads out of the node's volume|no such file/],
  'link-subpath': [(name) => hostPath(name, '/data', { subPath: 'link-root' }), /leads out of its volume/],
  privileged: [(name) => secured(name, { privileged: true }), /privileged containers are not allowed/],
  'cap-sys-admin': [(name) => secured(name, { capabilities: { add: ['SYS_ADMIN'] } }), /capability SYS_ADMIN cannot/],
  'cap-all': [(name) => secured(name, { capabilities: { add: ['ALL'] } }), /capability ALL cannot be added/],
  'seccomp-off': [(name) => secured(name, { seccompProfile: { type: 'Unconfined' } }), /seccomp profile Unconfined/],
  'seccomp-pod': [(name) => podSecured(name, { seccompProfile: { type: 'Unconfined' } }), /seccomp profile Unconfined/],
  'apparmor-off': [(name) => secured(name, { appArmorProfile: { type: 'Unconfined' } }), /AppArmor profile Unconfined/],
  'seccomp-file': [
    (name) => secured(name, { seccompProfile: { type: 'Localhost', localhostProfile: 'mine.json' } }),
    /seccomp profile "mine.json" cannot be loaded/,
  ],
  // Limits without requests are asked of the node, too.
  'huge-cpu': [(name) => manifest(name, {}, { resources: { limits: { cpu: '100000' } } }), /\(res: cpu, q: /],
  'huge-memory': [(name) => manifest(name, {}, { resources: { limits: { memory: '1000Ti' } } }), /\(res: memory, q: /],
  sysctl: [(name) => podSecured(name, { sysctls: [{ name: 'kernel.msgmax', value: '1' }] }), /sysctl kernel.msgmax is/],
}

/** Tells what a process of a container is confined by. */
const CONFINEMENT = `
grep -E '^(CapEff|Seccomp):' /proc/self/status
echo pids $(cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null)
echo oom $(cat /proc/self/oom_score_adj)
echo kcore $(head -c 1 /proc/kcore | wc -c)
(echo 1 > /proc/sys/kernel/panic) 2>&1
for device in $(cut -d' ' -f1 /proc/partitions >/dev/null; awk 'NR>2 {print $1":"$2}' /proc/partitions); do
  mknod /block b \${device%:*} \${device#*:} && head -c 1 /block 2>&1 | head -n 1; rm -f /block
done
ls -l /dev | grep -c ^b
echo done
${RUN_FOREVER}`

/** What runs, because it asks for nothing that it gets; the field that the timeline names. */
const WITHOUT_EFFECT: Record<string, [file: (name: string) => string, field: string]> = {
  selinux: [
    (name) => manifest(name, {}, { securityContext: { seLinuxOptions: { type: 'spc_t' } } }, CONFINEMENT),
    'seLinuxOptions',
  ],
  procmount: [(name) => manifest(name, {}, { securityContext: { procMount: 'Unmasked' } }, CONFINEMENT), 'procMount'],
  'runtime-class': [(name) => manifest(name, { runtimeClassName: 'other' }, {}, CONFINEMENT), 'runtimeClassName'],
}

const NAMESPACES = ['pid', 'ipc', 'net'] as const
const TELL_NAMESPACES = `for n in ${NAMESPACES.join(' ')}; do echo $n=$(readlink /proc/self/ns/$n); done
for p in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $p; echo; done; echo done
${RUN_FOREVER}`

beforeAll(async () => {
  secret = spawn('sleep', [SECRET_SECONDS])
  await lab.ok('up', '--nodes', '2')
  await onNode(
    'ln -s / /data/link-root; ln -s ../../../../../../.. /data/link-up; ln -s /var/lib/docker/volumes /data/link-engine',
  )
  await lab.drop('bystander.yaml', shellManifest('bystander', RUN_FOREVER))
  await lab.drop('other.yaml', shellManifest('other', RUN_FOREVER), 'node02')
  await lab.waitForRunning('bystander-node01')
  bystander = await describeBystander()
  for (const [name, [file]] of Object.entries({ ...REFUSED, ...WITHOUT_EFFECT }))
    await lab.drop(`${name}.yaml`, file(name))
  await lab.drop(
    'host-namespaces.yaml',
    manifest('host-namespaces', { hostPID: true, hostIPC: true, hostNetwork: true }, {}, TELL_NAMESPACES),
  )
})

afterAll(async () => {
  secret?.kill()
  await lab.dispose()
})

let bystander = ''
async function describeBystander(): Promise<string> {
  const status = (await lab.pod('bystander-node01'))?.status?.containerStatuses?.[0]
  return JSON.stringify([status?.containerID, status?.restartCount, status?.state])
}

interface Told {
  pods: Pod[]
  timeline: TimelineEntry[]
  files: FileVerdict[]
}

let told: Promise<Told> | undefined
/** All that a learner is told; asked again only when somebody waits for more, since each question is a command. */
function askAgain(): Promise<Told> {
  told = Promise.all([lab.pods('node01'), lab.timeline(), lab.files()]).then(([pods, timeline, files]) => ({
    pods,
    timeline,
    files,
  }))
  return told
}

/** All that a learner is told of a pod: its status, what the timeline says of it, the verdict on its file. */
function wordsOf(name: string, { pods, timeline, files }: Told): string {
  const pod = pods.find((candidate) => candidate.metadata.name === `${name}-node01`)
  const entries = timeline.filter((entry) => entry.pod?.name === `${name}-node01` || entry.file === `${name}.yaml`)
  const verdict = files.find((file) => file.name === `${name}.yaml`)
  return [stringsOf(pod?.status), ...entries.map(({ message }) => message), verdict?.message ?? ''].join('\n')
}

/** All texts in a value, each on a line. */
function stringsOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? Object.values(value).map(stringsOf).join('\n') : ''
}

async function waitForWords(name: string, expected: RegExp): Promise<string> {
  const known = wordsOf(name, await (told ?? askAgain()))
  if (expected.test(known)) return known
  return waitUntil({ what: `${name}: ${expected.source}`, timeoutSeconds: 90, intervalMs: 500 }, async () => {
    const words = wordsOf(name, await askAgain())
    if (!expected.test(words)) throw new Error(words)
    return words
  })
}

function waitForLog(name: string, timeoutSeconds = 90): Promise<string> {
  return waitUntil({ what: `what ${name} says`, timeoutSeconds, intervalMs: 500 }, async () => {
    const text = await lab.ok('logs', `${name}-node01`)
    if (!/^done$/m.test(text)) throw new Error(text)
    return text
  })
}

describe('given a manifest that asks for more than a pod may have', () => {
  it.each(Object.entries(REFUSED))(
    'when it is %s, then it is refused in words and never runs',
    async (name, attack) => {
      await waitForWords(name, attack[1])
      const pod = (await (told ?? askAgain())).pods.find((candidate) => candidate.metadata.name === `${name}-node01`)
      const statuses = pod?.status?.containerStatuses ?? []
      for (const { state, lastState } of statuses) {
        expect(state.running).toBeUndefined()
        expect(state.terminated?.exitCode).not.toBe(0)
        expect(lastState?.terminated?.exitCode).not.toBe(0)
      }
    },
  )
})

describe('given a manifest with fields that have no effect', () => {
  it.each(Object.entries(WITHOUT_EFFECT))(
    'when it is %s, then it is told and the pod is confined',
    async (name, attack) => {
      await waitForWords(name, new RegExp(attack[1].replaceAll(/[.[\]]/g, String.raw`\$&`)))
      const text = await waitForLog(name)
      expect(text).toContain('CapEff:\t00000000a80425fb')
      expect(text).toContain('Seccomp:\t2')
      expect(text).toContain('pids 4096\n')
      expect(text).toContain('oom 1000\n')
      expect(text).toContain('kcore 0\n')
      expect(text).toMatch(/panic: Read-only file system/)
      expect(text).toMatch(/\n0\ndone\n/)
      const opened = text.split('\n').filter((line) => line.includes('/block'))
      expect(opened.filter((line) => !/Operation not permitted|No such device|No medium/.test(line))).toEqual([])
    },
  )
})

describe('given a host port', () => {
  const withPort = (name: string, hostIP: string): string =>
    manifest(name, {}, { ports: [{ containerPort: 80, hostPort: 18_222, hostIP }] }, CONFINEMENT)

  it('when it is on all addresses, then they are the node’s: this computer has no such port, and the pod is confined', async () => {
    await lab.drop('port-all.yaml', withPort('port-all', '0.0.0.0'))
    const text = await waitForLog('port-all')
    expect(text).toContain('CapEff:\t00000000a80425fb')
    expect(await onNode('ss -Hltn sport = :18222')).toContain('0.0.0.0:18222')
    const listening = ['tcp', 'tcp6'].map((table) => readFileSync(`/proc/net/${table}`, 'utf8')).join('')
    expect(listening).not.toContain(`:${(18_222).toString(16).toUpperCase()} `)
    const [sandbox = ''] = await lab.containers('sandbox', 'label=io.kubernetes.pod.name=port-all-node01')
    expect(Object.values((await inspectContainer(sandbox)).NetworkSettings.Ports).filter(Boolean)).toEqual([])
    await lab.removeFile('port-all.yaml')
  })

  it('when it is on an address of this computer, then the node does not have that address and the pod does not start', async () => {
    const gateway = (await onNode(`ip -4 route show default | cut -d' ' -f3`)).trim()
    expect(gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    await lab.drop('port-laptop.yaml', withPort('port-laptop', gateway))
    await waitForWords(
      'port-laptop',
      /host port .*18222\/TCP cannot be opened on node01: .* is not an address of this node/,
    )
    await lab.removeFile('port-laptop.yaml')
  })
})

describe('given hostPID, hostIPC and hostNetwork', () => {
  it('when the pod runs, then it is in the namespaces of the node and sees nothing of this computer', async () => {
    const text = await waitForLog('host-namespaces')
    for (const namespace of NAMESPACES) {
      const ofNode = (await onNode(`readlink /proc/1/ns/${namespace}`)).trim()
      expect(text).toContain(`${namespace}=${ofNode}\n`)
      expect(readlinkSync(`/proc/self/ns/${namespace}`)).not.toBe(ofNode)
    }
    expect(text).toContain('kubelet')
    expect(text).not.toContain(SECRET_SECONDS)
    const pod = await lab.pod('host-namespaces-node01')
    expect(pod?.status?.podIP).toBe(pod?.status?.hostIP)
  })
})

describe('given somebody who is root on the node', () => {
  it('when a mounted folder is swapped for a link, then the container keeps the old one, and its next start is refused', async () => {
    await onNode('mkdir /data/live; echo inside > /data/live/mark')
    await lab.drop('live.yaml', hostPath('live', '/data/live', {}, `cat /x/mark; echo done; ${RUN_FOREVER}`))
    await lab.waitForRunning('live-node01')
    await waitForLog('live')
    await onNode('mv /data/live /data/moved; ln -s / /data/live')
    expect(await lab.ok('exec', 'live-node01', '--', 'ls', '/x')).toBe('mark\n')
    await lab.cli('exec', 'live-node01', '--', 'sh', '-c', 'kill 1')
    expect(await waitForWords('live', /leads out of the node's volume/)).not.toContain('/_data')
    await onNode('rm /data/live; mv /data/moved /data/live')
    await lab.waitForPod('live-node01', 'running again', (pod) => {
      const status = pod.status?.containerStatuses?.[0]
      return status?.state.running !== undefined && status.restartCount > 0
    })
  })

  it.each([
    ['the hosts file', 'etc-hosts', 'rm -f etc-hosts; ln -s /etc/node-lab-attack etc-hosts'],
    ['the folder of termination messages', 'containers', 'rm -rf containers; ln -s /root containers'],
  ])('when %s of a pod is swapped for a link, then its next start is refused', async (_what, kind, swap) => {
    const name = `swap-${kind}`
    await lab.drop(`${name}.yaml`, shellManifest(name, RUN_FOREVER))
    const { uid } = (await lab.waitForRunning(`${name}-node01`)).metadata
    await onNode(`cd /var/lib/kubelet/pods/${uid} && ${swap}`)
    await lab.cli('exec', `${name}-node01`, '--', 'sh', '-c', 'kill 1')
    await waitForWords(name, /RunContainerError|CreateContainerError|CreateContainerConfigError/)
    expect((await lab.pod(`${name}-node01`))?.status?.containerStatuses?.[0]?.state.running).toBeUndefined()
    await lab.removeFile(`${name}.yaml`)
  })

  it('when the folder of a pod’s logs is a link, then nothing is written where it leads', async () => {
    await lab.drop('logs.yaml', shellManifest('logs', `while :; do echo written-by-pod; sleep 0.2; done`))
    const { uid } = (await lab.waitForRunning('logs-node01')).metadata
    await onNode(`cd /var/log/pods && rm -rf default_logs-node01_${uid} && ln -s /tmp default_logs-node01_${uid}`)
    const id = (await lab.pod('logs-node01'))?.status?.containerStatuses?.[0]?.containerID?.split('//')[1] ?? ''
    await onNode(`crictl stop ${id}`)
    await waitUntil({ what: 'another container', timeoutSeconds: 90, intervalMs: 500 }, async () => {
      const status = (await lab.pod('logs-node01'))?.status?.containerStatuses?.[0]
      return status?.containerID?.endsWith(id) === false || (status?.restartCount ?? 0) > 0 ? true : undefined
    })
    expect((await onService('ls -R /tmp')).includes('main')).toBe(false)
    await lab.removeFile('logs.yaml')
  })

  it('when the node’s CRI socket is asked for what is not the node’s, then it does not exist and is not touched', async () => {
    const other = await lab.waitForRunning('other-node02')
    const otherId = other.status?.containerStatuses?.[0]?.containerID?.split('//')[1] ?? ''
    const sandbox = (await lab.containers('sandbox', 'label=io.node-lab.node=node02'))[0] ?? ''
    const [nodeId, serviceId] = [(await inspectContainer(node)).Id, (await inspectContainer(`${node}.runtime`)).Id]
    const foreign = [otherId, nodeId, serviceId, node, `${node}.runtime`, otherId.slice(0, 12)]
    for (const id of foreign) {
      for (const verb of ['inspect', 'logs'])
        expect(await onNode(`crictl ${verb} ${id} 2>&1 || true`), verb).toMatch(/no container|not find|NotFound/)
      expect(await onNode(`crictl exec ${id} true 2>&1 || true`)).toMatch(/no container|not find|NotFound/)
      await onNode(`crictl stop ${id}; crictl rm -f ${id}; true`)
    }
    expect(await onNode(`crictl inspectp ${sandbox} 2>&1 || true`)).toMatch(/no pod sandbox|not find|NotFound/)
    const listed = await onNode('crictl ps -aq; crictl pods -q')
    for (const id of [otherId, sandbox, nodeId, serviceId]) expect(listed).not.toContain(id)
    expect((await lab.pod('other-node02'))?.status).toEqual(other.status)
    for (const id of [nodeId, serviceId, sandbox]) expect((await inspectContainer(id)).State.Running).toBe(true)
  })

  it('when the CRI socket is spoken to as if it were the engine’s, then there is no engine behind it', async () => {
    const request = String.raw`GET /v1.45/containers/json HTTP/1.1\r\nHost: x\r\n\r\n`
    const answer = await onNode(
      `printf '${request}' | timeout 5 socat -t 2 - UNIX-CONNECT:/run/containerd/containerd.sock 2>&1 | tr -d '\\0' || true`,
    )
    expect(answer).not.toContain('200 OK')
    expect(answer).not.toContain('Names')
    expect(await onNode('find / -xdev -name "docker*.sock" 2>/dev/null; true')).toBe('')
  })
})

describe('given all these attacks', () => {
  it('when they are over, then a bystander on the same node was not touched', async () => {
    expect(await describeBystander()).toBe(bystander)
  })
})
