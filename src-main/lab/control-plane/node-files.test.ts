import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readKubeconfig } from '../../kube/kubeconfig.ts'
import { makeAuthority, makeSigningKey } from '../pki/certificate.ts'
import {
  computeControlPlaneFiles,
  computeMemberFiles,
  computeUserKubeconfig,
  joinConfiguration,
  leaveConfiguration,
  type ClusterPlace,
} from './node-files.ts'

const NOW = Date.UTC(2026, 0, 1)
const ALONE = `# The kubelet's own.
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: false
authorization:
  mode: AlwaysAllow
maxPods: 7 # mine
`

async function newPlace(): Promise<ClusterPlace> {
  const [cluster, etcd, frontProxy, serviceAccount] = await Promise.all([
    makeAuthority('kubernetes', NOW),
    makeAuthority('etcd-ca', NOW),
    makeAuthority('front-proxy-ca', NOW),
    makeSigningKey(),
  ])
  return {
    controlPlane: { node: 'controlplane', address: '172.30.0.11' },
    authorities: { cluster, etcd, frontProxy, serviceAccount },
    now: NOW,
  }
}

describe('files of a member', () => {
  it('given a worker, when it joins, it gets no key but its own, and its kubelet is nobody else', async () => {
    const place = await newPlace()
    const files = await computeMemberFiles(place, { name: 'node01', role: 'worker' }, ALONE)
    const withKeys = files.filter(({ content }) => content.includes('PRIVATE KEY'))
    expect(withKeys.map(({ path, mode }) => [path, mode])).toEqual([
      ['/var/lib/kubelet/pki/kubelet-client-current.pem', 0o600],
    ])
    const leaf = new X509Certificate(withKeys[0]?.content ?? '')
    expect(leaf.subject.split('\n').toSorted()).toEqual(['CN=system:node:node01', 'O=system:nodes'])
    expect(leaf.verify(new X509Certificate(place.authorities.cluster.certificate).publicKey)).toBe(true)
    const kubeconfig = new Map(files.map(({ path, content }) => [path, content]))
    const access = readKubeconfig('/etc/kubernetes/kubelet.conf', (path) => kubeconfig.get(path) ?? '')
    expect(access).toMatchObject({ server: 'https://172.30.0.11:6443', clientKey: withKeys[0]?.content })
  })

  it('given the control plane, when its files are made, each key and kubeconfig is for its owner only', async () => {
    const place = await newPlace()
    const files = await computeControlPlaneFiles(place)
    for (const { path, content, mode } of files)
      if (content.includes('PRIVATE KEY') || content.includes('client-key-data')) expect(mode, path).toBe(0o600)
    const server = files.find(({ path }) => path === '/etc/kubernetes/pki/apiserver.crt')
    const names = new X509Certificate(server?.content ?? '').subjectAltName
    for (const name of [
      'kubernetes.default.svc',
      'IP Address:10.96.0.1',
      'IP Address:172.30.0.11',
      'IP Address:127.0.0.1',
    ])
      expect(names).toContain(name)
    const peer = files.find(({ path }) => path === '/etc/kubernetes/pki/etcd/peer.crt')
    const etcd = new X509Certificate(place.authorities.etcd.certificate)
    expect(new X509Certificate(peer?.content ?? '').verify(etcd.publicKey)).toBe(true)
  })

  it("given the person at this machine, when the kubeconfig is made, it is an administrator's, by way of loopback", async () => {
    const text = await computeUserKubeconfig(await newPlace(), 'training', 26443)
    const access = readKubeconfig('config', () => text)
    expect(access.server).toBe('https://127.0.0.1:26443')
    const subject = new X509Certificate(access.clientCertificate ?? '').subject
    expect(subject.split('\n').toSorted()).toEqual(['CN=kubernetes-admin', 'O=kubeadm:cluster-admins'])
    expect(access.insecureSkipTLSVerify).toBe(false)
  })
})

describe("a kubelet's configuration", () => {
  it('given one with comments and settings, when the node joins and leaves, it asks the API server meanwhile, and the rest stays', () => {
    const joined = joinConfiguration(ALONE, 'worker')
    expect(parse(joined)).toMatchObject({
      address: '0.0.0.0',
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
      },
      authorization: { mode: 'Webhook' },
      maxPods: 7,
    })
    expect(joined).toContain("# The kubelet's own.")
    expect(joined).toContain('# mine')
    expect(joinConfiguration(joined, 'worker')).toBe(joined)
    const left = parse(leaveConfiguration(joined)) as Record<string, unknown>
    expect(left).toMatchObject({ address: '127.0.0.1', authorization: { mode: 'AlwaysAllow' }, maxPods: 7 })
  })

  it('given a kubelet that anybody could ask, when its node joins, nobody can who has no name', () => {
    const open = ALONE.replace('enabled: false', 'enabled: true')
    expect(parse(joinConfiguration(open, 'worker'))).toMatchObject({
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
    })
  })

  it('given the control plane, when it joins, it is tainted from the first moment', () => {
    expect(parse(joinConfiguration(ALONE, 'control-plane'))).toMatchObject({
      registerWithTaints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    })
  })

  it.for([
    ['nothing', ''],
    ['a list', '- one\n'],
    ['a word', 'word\n'],
    ['what is no YAML', 'kind: [\n'],
    ['a scalar where a map should be', 'kind: KubeletConfiguration\nauthentication: yes\n'],
    ['aliases of aliases', `kind: KubeletConfiguration\na: &a [x, x]\n${'b: &b [*a, *a]\n'}authentication: *b\n`],
    ['depth without end', `kind: KubeletConfiguration\nx: ${'['.repeat(50_000)}`],
  ] as const)('given a node that keeps %s there, when it joins, that is a conflict and nothing else', ([, text]) => {
    expect(() => joinConfiguration(text, 'worker')).toThrow(expect.objectContaining({ kind: 'Conflict' }) as Error)
  })
})
