/** The exercises of examinations that are done in a shell on a node (facts 10), as a person would type them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findContainerStatus } from '../../src-main/common/api/pod-helpers.ts'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { execIn } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TypedShell } from '../support/typed-shell.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new ControlPlaneLab('exercises')
const MANIFESTS = '/etc/kubernetes/manifests'
const CONFIG = '/var/lib/kubelet/config.yaml'
let shell: TypedShell

beforeAll(async () => {
  await lab.up('--nodes', '1')
  shell = await TypedShell.open(lab, 'controlplane')
})

afterAll(async () => {
  shell.close()
  await lab.dispose()
})

/** Types a command again and again until its output is as wanted. */
function typeUntil(command: string, accept: (output: string) => boolean, timeoutSeconds = 60): Promise<string> {
  return waitUntil({ what: `${command} to show what is wanted`, timeoutSeconds, intervalMs: 250 }, async () => {
    const output = await shell.type(command)
    if (!accept(output)) throw new Error(output)
    return output
  })
}

/** Names of the programs that run on a node, without those that watch the client of a command, which may outlive it by 20 s. */
async function listPrograms(container: string): Promise<Set<string>> {
  const table = await execIn(container, 'ps', '-ww', '-eo', 'pid=,ppid=,comm=,args=')
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const watches = new Set(rows.filter((words) => words.includes('node-lab-hang-up')).map(([pid]) => pid))
  const others = rows.filter(([pid, parent]) => !watches.has(pid) && !watches.has(parent))
  return new Set(others.map(([, , name = '']) => name))
}

describe('exercise 4: find the static pod folder', () => {
  it('when ps shows the kubelet’s --config, then that file has staticPodPath, and the unit says the same', async () => {
    expect(await shell.type('ps -ef | grep /usr/bin/kubelet')).toContain(`--config=${CONFIG}`)
    expect(await shell.type(`grep staticPodPath ${CONFIG}`)).toContain(`staticPodPath: ${MANIFESTS}`)
    expect(await shell.type('systemctl cat kubelet | grep config.yaml')).toContain(`--config=${CONFIG}`)
    shell.keys('systemctl status kubelet\r')
    await shell.see(/Active: active \(running\)/)
    shell.keys('q')
    await shell.seePrompt('controlplane')
  })
})

describe('exercise 5: count the definition files, and find an image', () => {
  it('then there are four, and kube-apiserver’s names its image', async () => {
    expect((await shell.type(`ls ${MANIFESTS} | wc -l`)).trim()).toBe('4')
    const pod = await lab.apiPod('kube-apiserver-controlplane', 'kube-system')
    const image = pod.spec.containers[0]?.image ?? ''
    expect(image).not.toBe('')
    expect(await shell.type(`grep image: ${MANIFESTS}/kube-apiserver.yaml`)).toContain(image)
  })
})

describe('exercises 6 and 7: create a static pod, and change its image', () => {
  const file = `${MANIFESTS}/static-busybox.yaml`
  const pod = 'static-busybox-controlplane'

  it('when kubectl writes the manifest into the folder, then the pod runs with its command', async () => {
    await shell.type(`k run static-busybox --image=busybox --dry-run=client -o yaml --command -- sleep 1000 > ${file}`)
    await typeUntil('kubectl get pods', (output) => new RegExp(`${pod}\\s+1/1\\s+Running`).test(output))
    const found = await lab.apiPod(pod)
    expect(found.spec.containers[0]).toMatchObject({ image: 'busybox', command: ['sleep', '1000'] })
  })

  it('when its image is changed with vim, then another pod has taken its place: new UID, no restarts', async () => {
    const before = await lab.apiPod(pod)
    shell.keys(`vim ${file}\r`)
    await shell.see(/sleep/)
    shell.keys(':%s/image: busybox/image: busybox:1.36/\r:wq\r')
    await shell.seePrompt('controlplane')
    const after = await lab.waitForApiPod(pod, 'with the other image', (found) => {
      return found.spec.containers[0]?.image === 'busybox:1.36' && found.status?.phase === 'Running'
    })
    expect(after.metadata.uid).not.toBe(before.metadata.uid)
    expect(findContainerStatus(after, 'static-busybox')?.restartCount).toBe(0)
  })
})

describe('exercise 8: delete static-greenbox on node01, whose kubelet uses another folder', () => {
  beforeAll(async () => {
    const prepare = [
      'mkdir -p /etc/just-some-path',
      `printf %s '${shellManifest('static-greenbox', RUN_FOREVER).replaceAll("'", `'\\''`)}' > /etc/just-some-path/greenbox.yaml`,
      `sed -i 's|^staticPodPath:.*|staticPodPath: /etc/just-some-path|' ${CONFIG}`,
      'systemctl restart kubelet',
    ]
    await lab.ok('shell', 'node01', '--', 'sh', '-ec', prepare.join('\n'))
    await lab.waitForApiPod('static-greenbox-node01', 'running', ({ status }) => status?.phase === 'Running')
  })

  it('when its file is found over ssh and removed, then the pod is gone, and does not return', async () => {
    expect(await shell.type('kubectl get pods -o wide | grep greenbox')).toContain('node01')
    await shell.type('ssh node01', 'node01')
    expect(await shell.type('hostname')).toBe('node01')
    expect(await shell.type(`sudo grep -i staticpod ${CONFIG}`)).toContain('/etc/just-some-path')
    await shell.type('rm -rf /etc/just-some-path/greenbox.yaml')
    await shell.type('exit', 'controlplane')
    await typeUntil('kubectl get pods', (output) => !output.includes('greenbox'))
    await shell.type('ssh node01 systemctl restart kubelet')
    await typeUntil('ssh node01 systemctl is-active kubelet', (output) => output.includes('active'))
    expect(await shell.type('kubectl get pods')).not.toContain('greenbox')
  })
})

describe('exercises 10 and 11: a static pod on a worker, in a folder of one’s own; take it away and put it back', () => {
  const manifest = [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: static-web',
    '  labels: {role: myrole}',
    'spec:',
    '  containers: [{name: web, image: nginx, ports: [{name: web, containerPort: 80, protocol: TCP}]}]',
  ]

  it('when folder, manifest and staticPodPath are there and the kubelet is restarted, then the pod runs', async () => {
    await shell.type('ssh node01', 'node01')
    await shell.type('mkdir -p /etc/kubelet.d')
    shell.keys('cat <<EOF >/etc/kubelet.d/static-web.yaml\r')
    await shell.see(/> $/)
    shell.keys(`${manifest.join('\r')}\rEOF\r`)
    await shell.seePrompt('node01')
    await shell.type(`sed -i 's|^staticPodPath:.*|staticPodPath: /etc/kubelet.d|' ${CONFIG}`)
    await shell.type('systemctl restart kubelet')
    await typeUntil('crictl ps', (output) => /Running\s+web\s/.test(output))
    await shell.type('exit', 'controlplane')
    const shown = await typeUntil('kubectl get pods -l role=myrole', (output) => /1\/1\s+Running/.test(output))
    expect(shown).toContain('static-web-node01')
  })

  it('when the manifest is moved out and back, then the runtime has no such container within 20 s, and then has it again', async () => {
    await shell.type('ssh node01', 'node01')
    await shell.type('mv /etc/kubelet.d/static-web.yaml /tmp')
    await typeUntil('crictl ps', (output) => !/\sweb\s/.test(output), 20)
    await shell.type('mv /tmp/static-web.yaml /etc/kubelet.d/')
    await typeUntil('crictl ps', (output) => /Running\s+web\s/.test(output))
    await shell.type('exit', 'controlplane')
    // Whoever is back before the old container has been removed goes on counting: it is the same pod, by its UID.
    await typeUntil('kubectl get pods', (output) => /static-web-node01\s+1\/1\s+Running\s+[01]\s/.test(output))
  })
})

describe('given commands outside of an interactive shell', () => {
  const context = ['kubectl', 'config', 'current-context']

  it('when kubectl is run on a node, with sudo and over SSH, then it finds the kubeconfig of that node', async () => {
    expect(await lab.ok('shell', 'controlplane', '--', ...context)).toBe('kubernetes-admin@kubernetes\n')
    expect(await lab.ok('shell', 'node01', '--', ...context)).toBe('system:node:node01@kubernetes\n')
    const hops = ['ssh', 'controlplane', 'sudo', '-i', ...context]
    expect(await lab.ok('shell', 'node01', '--', ...hops)).toBe('kubernetes-admin@kubernetes\n')
  })

  it('when kubectl changes its kubeconfig, then that stays over a restart of the kubelet, and admin.conf is as it was', async () => {
    const admin = 'md5sum </etc/kubernetes/admin.conf'
    const before = await shell.type(admin)
    await shell.type('kubectl config set-context --current --namespace=kube-system')
    await shell.type('systemctl restart kubelet')
    expect(await shell.type('kubectl config view --minify -o jsonpath={..namespace}; echo')).toBe('kube-system')
    await shell.type('kubectl config set-context --current --namespace=default')
    expect(await shell.type(admin)).toBe(before)
  })

  it('when processes are listed, then none is a line from outside to the kubelet, and none waits for a deadline', async () => {
    const [node = ''] = await lab.containers('node', 'label=io.node-lab.node=node01')
    const wanted = new Set(['init', 'kubelet', 'dropbear', 'ps'])
    // Those of the commands above may take a moment to end.
    await expect.poll(() => listPrograms(node), { timeout: 15_000 }).toEqual(wanted)
  })
})

describe('given the images of a node', () => {
  it('then the runtime lists them by the names in manifests, and inspects them by these and by the id', async () => {
    const images = await shell.type('crictl images')
    expect(images).toMatch(/registry\.k8s\.io\/kube-apiserver +v1\.35\.0 /)
    expect(images).toMatch(/docker\.io\/library\/busybox +1\.36 /)
    expect(images).not.toContain('node-lab.invalid')
    const [, id = ''] = /registry\.k8s\.io\/pause +\S+ +(\w+)/.exec(images) ?? []
    expect(await shell.type(`crictl inspecti -o table ${id} | grep Tag`)).toContain('registry.k8s.io/pause:')
    expect(await lab.ok('shell', 'node01', '--', 'crictl', 'images')).not.toContain('kube-apiserver')
  })
})

describe('given the names of a lab', () => {
  it('when a node is added and another one removed, then each can be reached by its name, and no other', async () => {
    await lab.ok('node', 'add', 'node02')
    expect(await shell.type('ssh node02 hostname')).toBe('node02')
    expect(await shell.type("ssh node01 'ssh node02 ssh controlplane hostname'")).toBe('controlplane')
    expect(await shell.type('grep node /etc/hosts')).toMatch(/node01\n.*node02/s)
    await lab.ok('node', 'remove', 'node02')
    expect(await shell.type('grep node02 /etc/hosts /etc/ssh/ssh_known_hosts')).toBe('')
  })

  it('when a node is restarted, then it knows the others as before', async () => {
    await lab.ok('node', 'stop', 'node01')
    await lab.ok('node', 'start', 'node01')
    expect(await lab.ok('shell', 'node01', '--', 'ssh', 'controlplane', 'hostname')).toBe('controlplane\n')
    expect(await lab.ok('shell', 'node01', '--', 'cat', '/etc/hosts')).toContain('\tcontrolplane\n')
  })

  it('when a pod tries to log in, then it has no key, and no password is asked for', async () => {
    const address = (await lab.ok('shell', 'node01', '--', 'hostname', '-i')).trim()
    const pod = 'kubectl exec static-busybox-controlplane --'
    expect(
      await shell.type(`${pod} sh -c 'nc ${address} 22 </dev/null | head -c 4; which ssh; ls /root/.ssh'`),
    ).not.toMatch(/id_ed25519/)
    const refused = await shell.type(`ssh -i /dev/null -o IdentitiesOnly=yes -o BatchMode=yes node01 id`)
    expect(refused).toContain('Permission denied (publickey)')
  })
})
