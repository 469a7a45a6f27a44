/** The classic exercise: find out where a kubelet reads its manifests, and point it somewhere else, in each way there is. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileVerdict } from '../../src-main/common/lab/file-verdict.ts'
import type { ManifestVersion } from '../../src-main/common/lab/manifest-version.ts'
import { engineApi } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('kubelet-conf')
const CONFIG = '/var/lib/kubelet/config.yaml'
const DROP_IN = '/etc/systemd/system/kubelet.service.d/20-exercise.conf'

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  await onNode(`cp ${CONFIG} /tmp/config.yaml`)
})

afterAll(() => lab.dispose())

/** A shell command on the node, as root. */
function onNode(script: string): Promise<string> {
  return lab.ok('shell', 'node01', '--', 'sh', '-ec', script)
}

/** As a user would: after each change of the unit or of the file. */
async function restartKubelet(): Promise<void> {
  await onNode('systemctl daemon-reload && systemctl restart kubelet')
}

/** The unit and the file are again as kubeadm lays them out. */
async function resetNode(): Promise<void> {
  await onNode(`rm -f ${DROP_IN}; cp /tmp/config.yaml ${CONFIG}`)
}

function put(path: string, name: string): Promise<string> {
  const manifest = shellManifest(name, RUN_FOREVER).replaceAll("'", `'\\''`)
  return onNode(`mkdir -p $(dirname ${path}); printf %s '${manifest}' > ${path}`)
}

function waitForFiles(what: string, accept: (files: FileVerdict[]) => boolean): Promise<FileVerdict[]> {
  return waitUntil({ what, timeoutSeconds: 90, intervalMs: 500 }, async () => {
    const files = await lab.files()
    if (!accept(files)) throw new Error(JSON.stringify(files))
    return files
  })
}

function waitForJournal(part: string): Promise<string> {
  return waitUntil({ what: `the journal to say ${part}`, timeoutSeconds: 90, intervalMs: 500 }, async () => {
    const journal = await onNode('journalctl -u kubelet -n 60 --no-pager')
    if (!journal.includes(part)) throw new Error(journal)
    return journal
  })
}

describe('given a node, when its unit says --pod-manifest-path=/etc/other', () => {
  beforeAll(async () => {
    await lab.drop('first.yaml', shellManifest('first', RUN_FOREVER))
    await lab.waitForRunning('first-node01')
    const flags =
      'Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml --pod-manifest-path=/etc/other/"'
    await onNode(`mkdir -p $(dirname ${DROP_IN}); printf '[Service]\\n%s\\n' '${flags}' > ${DROP_IN}`)
    await restartKubelet()
  })

  it('then the pods of the old folder end, and that the new one is missing is said everywhere', async () => {
    const [verdict] = await waitForFiles('the path to have a verdict', ([file]) => file?.reason === 'PathMissing')
    expect(verdict).toMatchObject({ name: '/etc/other', state: 'rejected' })
    await lab.waitForGone('first-node01')
    expect(await lab.ok('files', 'node01')).toContain('The kubelet reads its manifests from /etc/other')
    const refused = await lab.cli('apply', import.meta.filename, 'node01', '--name', 'x.yaml')
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toContain(
      '/etc/other, from which this kubelet reads its manifests, does not exist on the node',
    )
  })

  it('then the journal warns that the flag is deprecated, and the flag has won over the file', async () => {
    await waitForJournal('Flag --pod-manifest-path has been deprecated')
    expect(await onNode(`grep staticPodPath ${CONFIG}`)).toContain('/etc/kubernetes/manifests')
  })

  it('when somebody makes the folder and puts a manifest there, then its pod runs', async () => {
    await put('/etc/other/second.yaml', 'second')
    await lab.waitForRunning('second-node01')
    expect((await lab.files()).map(({ name, state }) => `${name} ${state}`)).toEqual(['second.yaml accepted'])
  })
})

describe('given a node whose configuration file and flags say different folders', () => {
  /** What the command line reads from standard input is the shell's business; here it is a file. */
  async function apply(name: string, script: string, ...more: string[]): Promise<string> {
    const file = join(lab.home, name)
    writeFileSync(file, shellManifest('moved', script))
    return lab.ok('apply', file, 'node01', ...more)
  }

  it('when both files of flags name one, then the last flag wins, and the command line follows, also through a link', async () => {
    await resetNode()
    await onNode(`sed -i 's|^staticPodPath:.*|staticPodPath: /srv/loser|' ${CONFIG}`)
    await onNode(`mkdir /srv/moved /srv/second; ln -s moved /srv/link`)
    const flag = '--pod-manifest-path='
    await onNode(`echo 'KUBELET_KUBEADM_ARGS="${flag}/srv/second"' > /var/lib/kubelet/kubeadm-flags.env`)
    await onNode(`echo 'KUBELET_EXTRA_ARGS="${flag}/srv/link/"' > /etc/default/kubelet`)
    await restartKubelet()
    await lab.waitForGone('first-node01')
    const said = await lab.cli('files', 'node01')
    expect(said.stdout).toContain('/srv/link/ on node01 is empty')
    expect(said.stderr).toContain('Not watched any more in /etc/kubernetes/manifests of node01: first.yaml')

    await apply('moved.yaml', RUN_FOREVER)
    const { uid } = (await lab.waitForRunning('moved-node01')).metadata
    expect(await onNode('cat /srv/moved/moved.yaml')).toBe(shellManifest('moved', RUN_FOREVER))
    await apply('moved.yaml', `: edited; ${RUN_FOREVER}`, '--replace')
    const edited = await lab.waitForPod('moved-node01', 'edited', ({ metadata }) => metadata.uid !== uid)
    expect(JSON.stringify(edited.spec)).toContain(': edited')
    await lab.ok('remove', 'node01', 'moved.yaml')
    await lab.waitForGone('moved-node01')
    const versions = await lab.json<ManifestVersion[]>('history', 'node01', 'moved.yaml', '--json')
    const own = versions.slice(0, 3)
    expect(own.map(({ removed, by }) => `${by} ${removed === true ? 'removed' : 'wrote'}`)).toEqual([
      'command line removed',
      'command line wrote',
      'command line wrote',
    ])
    await lab.ok('restore', 'node01', 'moved.yaml', own[2]?.version ?? '')
    expect((await lab.waitForRunning('moved-node01')).metadata.uid).toBe(uid)

    await onNode(`echo 'KUBELET_EXTRA_ARGS=""' > /etc/default/kubelet`)
    await restartKubelet()
    await lab.waitForGone('moved-node01')
    expect(await lab.ok('files', 'node01')).toContain('/srv/second on node01 is empty')

    await onNode(`echo 'KUBELET_KUBEADM_ARGS=""' > /var/lib/kubelet/kubeadm-flags.env`)
    await resetNode()
    await restartKubelet()
    await lab.waitForRunning('first-node01')
    expect((await lab.files()).map(({ name }) => name)).toEqual(['first.yaml'])
  })

  it('when staticPodPath is emptied, then no static pod runs, and the command line says why nothing can be put there', async () => {
    await onNode(`sed -i '/^staticPodPath:/d' ${CONFIG}`)
    await restartKubelet()
    await lab.waitForGone('first-node01')
    expect(await lab.ok('files', 'node01')).toContain('no staticPodPath is set')
    const refused = await lab.cli('apply', import.meta.filename, 'node01', '--name', 'x.yaml')
    expect(refused.stderr).toContain('this kubelet reads no manifest folder: its staticPodPath is not set')
    await resetNode()
  })
})

describe('given a node, when its configuration file says something else', () => {
  it('staticPodPath is one file, then that file alone counts; when it is edited by rename, its pod follows', async () => {
    await resetNode()
    await put('/srv/pods/one.yaml', 'one')
    await put('/srv/pods/two.yaml', 'two')
    await onNode(`sed -i 's|^staticPodPath:.*|staticPodPath: /srv/pods/one.yaml|' ${CONFIG}`)
    await restartKubelet()
    await lab.waitForRunning('one-node01')
    await onNode(`sed -i 's/"one"/"uno"/' /srv/pods/one.yaml`)
    await lab.waitForRunning('uno-node01')
    await lab.waitForGone('one-node01')
    expect((await lab.pods()).map((pod) => pod.metadata.name)).not.toContain('two-node01')
    const refused = await lab.cli('apply', import.meta.filename, 'node01', '--name', 'x.yaml')
    expect(refused.stderr).toContain('this kubelet reads one file, /srv/pods/one.yaml, and no folder')
    await lab.ok('remove', 'node01', 'one.yaml')
    await lab.waitForGone('uno-node01')
    const [, version] = await lab.json<ManifestVersion[]>('history', 'node01', 'one.yaml', '--json')
    await lab.ok('restore', 'node01', 'one.yaml', version?.version ?? '')
    await lab.waitForRunning('uno-node01')
  })

  it('staticPodURL is served by a program on the node, then its pods run, and run on when it goes', async () => {
    await resetNode()
    await put('/srv/www/web.yaml', 'web')
    await onNode(`printf 'staticPodURL: http://127.0.0.1:8099/web.yaml\\nhttpCheckFrequency: 2s\\n' >> ${CONFIG}`)
    const serve = `require('http').createServer((q, r) => r.end(require('fs').readFileSync('/srv/www/web.yaml'))).listen(8099, '127.0.0.1')`
    await onNode(`node -e "${serve}" > /dev/null 2>&1 < /dev/null & echo $! > /run/web.pid`)
    await restartKubelet()
    const running = await lab.waitForRunning('web-node01')
    expect(running.metadata.annotations?.['kubernetes.io/config.source']).toBe('http')
    await onNode('kill $(cat /run/web.pid)')
    const isUrl = ({ origin }: FileVerdict): boolean => origin === 'url'
    const files = await waitForFiles('the address to be stale', (all) => all.find(isUrl)?.state === 'stale')
    expect(files.find(isUrl)).toMatchObject({ name: 'http://127.0.0.1:8099/web.yaml', reason: 'URLUnreachable' })
    expect((await lab.pod('web-node01'))?.status?.phase).toBe('Running')
  })

  it('it has a limit of processes and a DNS server, then a container of the node has them', async () => {
    await resetNode()
    await onNode(`printf 'podPidsLimit: 77\\nclusterDNS: [192.0.2.53]\\nclusterDomain: lab.example\\n' >> ${CONFIG}`)
    await restartKubelet()
    await put('/etc/kubernetes/manifests/small.yaml', 'small')
    await lab.waitForRunning('small-node01')
    const read = 'cat /sys/fs/cgroup/pids.max 2> /dev/null || cat /sys/fs/cgroup/pids/pids.max'
    expect((await lab.ok('exec', 'small-node01', '--', 'sh', '-c', read)).trim()).toBe('77')
    expect(await lab.ok('exec', 'small-node01', '--', 'cat', '/etc/resolv.conf')).toBe(
      'search default.svc.lab.example svc.lab.example lab.example\nnameserver 192.0.2.53\noptions ndots:5\n',
    )
  })

  it('it cannot be used, then the journal says what and where, and pods run on', async () => {
    await onNode(`printf 'maxPods: many\\n' >> ${CONFIG}`)
    await restartKubelet()
    const journal = await waitForJournal('cannot unmarshal string into Go struct field KubeletConfiguration.maxPods')
    expect(journal).toContain(`failed to load kubelet config file, path: ${CONFIG}`)
    await resetNode()
    await restartKubelet()
    await lab.waitForRunning('small-node01')
  })
})

describe('given a node with running pods, when its kubelet is told a wrong containerRuntimeEndpoint', () => {
  const wrong = 'unix:///run/containerd/contained.sock'
  let running: string[]

  beforeAll(async () => {
    await resetNode()
    await lab.waitForRunning('first-node01')
    await lab.waitForRunning('small-node01')
    running = await lab.containers('container', 'status=running')
    await onNode(`sed -i 's|^containerRuntimeEndpoint:.*|containerRuntimeEndpoint: ${wrong}|' ${CONFIG}`)
    await restartKubelet()
  })

  it('then the journal has upstream’s words, the kubelet ends and is started again, and the containers run on', async () => {
    const journal = await waitForJournal('kubelet.service: Scheduled restart job, restart counter is at 1.')
    expect(journal.replaceAll('\\"', '"')).toContain(
      `failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint "${wrong}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/contained.sock: connect: no such file or directory"`,
    )
    expect(await lab.containers('container', 'status=running')).toEqual(running)
  })

  it('when it is put right, then the node heals, with the same containers', async () => {
    await resetNode()
    await restartKubelet()
    await lab.waitForRunning('small-node01')
    expect(running).toHaveLength(2)
    expect(await lab.containers('container', 'status=running')).toEqual(running)
  })
})

it('given a kubelet that somebody stopped, when the lab is brought up, then the advice is to restart it', async () => {
  await onNode('systemctl stop kubelet')
  const up = await lab.cli('up')
  expect(up.exitCode).not.toBe(0)
  expect(up.stderr).toContain('the kubelet of node01 was stopped on the node')
  expect(up.stderr).toContain(`node-lab node restart-kubelet node01 --lab ${lab.name}`)
})

describe('given a node whose configuration an older node image wrote', () => {
  const older = [
    '# Read once, when the kubelet starts: after a change, systemctl restart kubelet',
    'apiVersion: kubelet.config.k8s.io/v1beta1',
    'kind: KubeletConfiguration',
    '# Every Pod manifest in this folder runs on this node.',
    'staticPodPath: /etc/kubernetes/manifests',
    'fileCheckFrequency: 20s',
    'syncFrequency: 1m0s',
    'containerRuntimeEndpoint: unix:///run/containerd/containerd.sock',
    '',
  ].join('\n')

  /** As after an update of Node Lab: the node's container is made anew, its files are kept. */
  async function makeNodeAnew(configuration: string): Promise<string> {
    await onNode(`printf %s '${configuration}' > ${CONFIG}`)
    await engineApi('DELETE', `/containers/node-lab.${lab.name}.node01?force=true`)
    await lab.ok('up')
    return onNode(`cat ${CONFIG}`)
  }

  it('when its container is made anew and nobody had touched the file, then its kubelet starts with the new one', async () => {
    expect(await makeNodeAnew(older)).toContain('authorization:')
  })

  it('when somebody had written into it, then it stays as it is', async () => {
    const own = `${older}authentication: {webhook: {enabled: false}}\nauthorization: {mode: AlwaysAllow}\n`
    expect(await makeNodeAnew(own)).toBe(own)
  })
})
