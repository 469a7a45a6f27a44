/** Which files a node needs to be part of the lab's cluster, laid out as kubeadm does (facts 9). */
import { parseDocument } from 'yaml'
import { LabError } from '../../common/lab-error.ts'
import { API_SERVER_PORT, KUBELET_CONFIGURATION } from '../../common/node-layout.ts'
import type { NodeRole } from '../../common/lab/lab-spec.ts'
import { simulatedKubeconfigPath } from '../../common/simulated-layout.ts'
import { issueCertificate, type KeyPair, type Subject } from '../pki/certificate.ts'
import type { ClusterAuthorities } from '../pki/cluster-authorities.ts'
import { formatKubeconfig } from './kubeconfig.ts'

export interface NodeFile {
  /** Absolute, on the node. */
  path: string
  content: string
  mode: number
}

export interface ClusterPlace {
  /** Node that the control plane runs on, and its address. */
  controlPlane: { node: string; address: string }
  authorities: ClusterAuthorities
  /** Milliseconds since the epoch. */
  now: number
}

const KUBERNETES = '/etc/kubernetes'
const PKI = `${KUBERNETES}/pki`
const KUBELET_CLIENT = '/var/lib/kubelet/pki/kubelet-client-current.pem'
const KUBELET_UNIT_ADDITION = '/etc/systemd/system/kubelet.service.d/20-api-server.conf'
/** First address of the service network: what pods know the API server by. */
const SERVICE_ADDRESS = '10.96.0.1'
const CLUSTER_NAME = 'kubernetes'

/** What every node of the cluster has. `configuration`: the kubelet's, as it is on the node now. */
export async function computeMemberFiles(
  place: ClusterPlace,
  node: { name: string; role: NodeRole },
  configuration: string,
): Promise<NodeFile[]> {
  const { certificate: authority } = place.authorities.cluster
  const client = await issueKubeletClient(place, node.name)
  const kubeconfig = formatKubeletKubeconfig(place, node.name, { file: KUBELET_CLIENT })
  return [
    { path: `${PKI}/ca.crt`, content: authority, mode: 0o644 },
    { path: KUBELET_CLIENT, content: client.certificate + client.key, mode: 0o600 },
    { path: `${KUBERNETES}/kubelet.conf`, content: kubeconfig, mode: 0o600 },
    { path: KUBELET_CONFIGURATION, content: joinConfiguration(configuration, node.role), mode: 0o644 },
    UNIT_ADDITION,
  ]
}

/** Of these, what goes when a node leaves the cluster; its kubelet's configuration is changed back instead. */
export const MEMBER_FILES = [`${PKI}/ca.crt`, KUBELET_CLIENT, `${KUBERNETES}/kubelet.conf`, KUBELET_UNIT_ADDITION]

/** What the kubelet of a simulated node needs: one file, with its certificate in it. */
export async function computeSimulatedNodeFile(place: ClusterPlace, name: string): Promise<NodeFile> {
  const client = await issueKubeletClient(place, name)
  return {
    path: simulatedKubeconfigPath(name),
    content: formatKubeletKubeconfig(place, name, client),
    mode: 0o600,
  }
}

/** What only the control plane's node has: certificates and kubeconfigs of its components and its administrators. */
export async function computeControlPlaneFiles(place: ClusterPlace): Promise<NodeFile[]> {
  const { authorities, controlPlane } = place
  const { cluster, etcd, frontProxy, serviceAccount } = authorities
  const etcdNames = {
    dnsNames: [controlPlane.node, 'localhost'],
    addresses: [controlPlane.address, '127.0.0.1', '::1'],
  }
  const issue = (authority: KeyPair, commonName: string, rest: Omit<Leaf, 'commonName'>): Promise<KeyPair> =>
    issueLeaf(place, authority, { commonName, ...rest })
  return [
    ...pair('ca', cluster),
    ...pair('etcd/ca', etcd),
    ...pair('front-proxy-ca', frontProxy),
    { path: `${PKI}/sa.key`, content: serviceAccount.privateKey, mode: 0o600 },
    { path: `${PKI}/sa.pub`, content: serviceAccount.publicKey, mode: 0o600 },
    ...pair(
      'apiserver',
      await issue(cluster, 'kube-apiserver', { usages: ['server'], ...apiServerNames(controlPlane) }),
    ),
    ...pair(
      'apiserver-kubelet-client',
      await issue(cluster, 'kube-apiserver-kubelet-client', {
        usages: ['client'],
        organizations: ['kubeadm:cluster-admins'],
      }),
    ),
    ...pair('apiserver-etcd-client', await issue(etcd, 'kube-apiserver-etcd-client', { usages: ['client'] })),
    ...pair('front-proxy-client', await issue(frontProxy, 'front-proxy-client', { usages: ['client'] })),
    ...pair('etcd/server', await issue(etcd, controlPlane.node, { usages: ['server', 'client'], ...etcdNames })),
    ...pair('etcd/peer', await issue(etcd, controlPlane.node, { usages: ['server', 'client'], ...etcdNames })),
    ...pair('etcd/healthcheck-client', await issue(etcd, 'kube-etcd-healthcheck-client', { usages: ['client'] })),
    await kubeconfigFile(place, 'admin', { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] }),
    await kubeconfigFile(place, 'super-admin', {
      commonName: 'kubernetes-super-admin',
      organizations: ['system:masters'],
    }),
    await kubeconfigFile(place, 'controller-manager', { commonName: 'system:kube-controller-manager' }),
    await kubeconfigFile(place, 'scheduler', { commonName: 'system:kube-scheduler' }),
  ]
}

/** The kubeconfig of the person at this machine: an administrator's, by way of the port on 127.0.0.1. */
export async function computeUserKubeconfig(place: ClusterPlace, lab: string, port: number): Promise<string> {
  const client = await issueClient(place, {
    commonName: 'kubernetes-admin',
    organizations: ['kubeadm:cluster-admins'],
  })
  return formatKubeconfig({
    server: `https://127.0.0.1:${port}`,
    clusterName: `node-lab-${lab}`,
    userName: `node-lab-${lab}`,
    contextName: `node-lab-${lab}`,
    authority: place.authorities.cluster.certificate,
    client,
  })
}

/** What a kubelet's configuration says where there is an API server: it can be reached, and asks who may do what. */
const WITH_API_SERVER = {
  address: '0.0.0.0',
  'authentication.anonymous.enabled': false,
  'authentication.webhook.enabled': true,
  'authentication.x509.clientCAFile': `${PKI}/ca.crt`,
  'authorization.mode': 'Webhook',
}

/** The taint is there from the node's first moment in the cluster. */
const TAINTED = { registerWithTaints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }

/** And where there is none, as in the node image. */
const STANDING_ALONE = {
  address: '127.0.0.1',
  'authentication.webhook.enabled': false,
  'authentication.x509.clientCAFile': undefined,
  'authorization.mode': 'AlwaysAllow',
}

/** The kubelet's configuration for an API server; comments and everything else stay. @throws Conflict when it cannot be read */
export function joinConfiguration(text: string, role: NodeRole): string {
  return changeConfiguration(text, role === 'worker' ? WITH_API_SERVER : { ...WITH_API_SERVER, ...TAINTED })
}

/** The way back. @throws Conflict when it cannot be read */
export function leaveConfiguration(text: string): string {
  return changeConfiguration(text, STANDING_ALONE)
}

/** Sets fields by their dotted names, and takes away those that are `undefined`; comments stay. @throws LabError Conflict when it cannot be read */
export function changeConfiguration(text: string, values: Record<string, unknown>): string {
  const document = parseDocument(text)
  if (document.errors.length > 0 || !document.has('kind'))
    throw unreadable(document.errors[0]?.message ?? 'it has no kind')
  try {
    for (const [name, value] of Object.entries(values)) {
      const path = name.split('.')
      if (value === undefined) {
        // Without its parent it cannot even be asked to go.
        if (document.hasIn(path)) document.deleteIn(path)
      } else if (document.getIn(path) !== value) document.setIn(path, value)
    }
    return document.toString({ lineWidth: 0 })
  } catch (error) {
    // Whoever is root on the node writes this file: a scalar or an alias may stand where a map belongs.
    throw unreadable(error instanceof Error ? error.message : String(error))
  }
}

function unreadable(problem: string): LabError {
  return new LabError({
    kind: 'Conflict',
    message: `the kubelet's configuration (${KUBELET_CONFIGURATION}) cannot be read: ${problem}`,
    remedy: 'Mend the file on the node, then try again.',
  })
}

/** Only what the image's own drop-in leaves open. */
const UNIT_ADDITION_TEXT = `# This node is part of a cluster: its kubelet has an API server.
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--kubeconfig=${KUBERNETES}/kubelet.conf"
`

/** The drop-in that gives the kubelet its API server. `systemctl revert kubelet` takes it away, as all drop-ins of one's own. */
export const UNIT_ADDITION: NodeFile = { path: KUBELET_UNIT_ADDITION, content: UNIT_ADDITION_TEXT, mode: 0o644 }

interface Leaf extends Subject {
  usages: readonly ('server' | 'client')[]
  dnsNames?: readonly string[]
  addresses?: readonly string[]
}

function issueLeaf(place: ClusterPlace, authority: KeyPair, leaf: Leaf): Promise<KeyPair> {
  const { usages, dnsNames, addresses, ...subject } = leaf
  return issueCertificate(authority, {
    subject,
    usages,
    now: place.now,
    ...(dnsNames === undefined ? {} : { dnsNames }),
    ...(addresses === undefined ? {} : { addresses }),
  })
}

function issueClient(place: ClusterPlace, subject: Subject): Promise<KeyPair> {
  return issueLeaf(place, place.authorities.cluster, { ...subject, usages: ['client'] })
}

/** Groups and name as the node authorizer wants them. */
function issueKubeletClient(place: ClusterPlace, node: string): Promise<KeyPair> {
  return issueClient(place, { commonName: kubeletUser(node), organizations: ['system:nodes'] })
}

function formatKubeletKubeconfig(place: ClusterPlace, node: string, client: KeyPair | { file: string }): string {
  const { certificate: authority } = place.authorities.cluster
  return formatKubeconfig({ ...contextOf(kubeletUser(node)), server: serverOf(place), authority, client })
}

function kubeletUser(node: string): string {
  return `system:node:${node}`
}

function apiServerNames({ node, address }: ClusterPlace['controlPlane']): Pick<Leaf, 'dnsNames' | 'addresses'> {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']
  return { dnsNames: [node, ...service, 'localhost'], addresses: [SERVICE_ADDRESS, address, '127.0.0.1'] }
}

async function kubeconfigFile(place: ClusterPlace, name: string, subject: Subject): Promise<NodeFile> {
  const content = formatKubeconfig({
    ...contextOf(subject.commonName),
    server: serverOf(place),
    authority: place.authorities.cluster.certificate,
    client: await issueClient(place, subject),
  })
  return { path: `${KUBERNETES}/${name}.conf`, content, mode: 0o600 }
}

function contextOf(userName: string): { clusterName: string; userName: string; contextName: string } {
  return { clusterName: CLUSTER_NAME, userName, contextName: `${userName}@${CLUSTER_NAME}` }
}

function serverOf({ controlPlane }: ClusterPlace): string {
  return `https://${controlPlane.address}:${API_SERVER_PORT}`
}

function pair(name: string, { certificate, key }: KeyPair): NodeFile[] {
  return [
    { path: `${PKI}/${name}.crt`, content: certificate, mode: 0o644 },
    { path: `${PKI}/${name}.key`, content: key, mode: 0o600 },
  ]
}
