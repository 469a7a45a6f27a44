/** The four manifests of a control plane, of the shape that kubeadm writes (facts 9.1 to 9.6). Pure. */
import { stringify } from 'yaml'
import type { Container, Pod, Probe, Volume } from '../../common/api/core.ts'
import { API_SERVER_PORT } from '../../common/node-layout.ts'
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import { SCHEDULE_DAEMON_SET_PODS } from '../../common/lab/daemon-set-scheduling.ts'

const PKI = '/etc/kubernetes/pki'
const SERVICE_NETWORK = '10.96.0.0/12'
const ETCD_METRICS_PORT = 2381
const CONTROLLER_MANAGER_PORT = 10257
const SCHEDULER_PORT = 10259
const ETCD_IMAGE = 'registry.k8s.io/etcd:3.5.16-0'

export interface ControlPlaneAddress {
  /** Of the node that the control plane runs on. */
  node: string
  address: string
}

export interface ControlPlaneSettings {
  /** Whether the scheduler gives pods of DaemonSets their nodes; then no flag says so (facts 6.3). */
  scheduleDaemonSetPods: boolean
}

/** File name in the manifest folder → YAML text. */
export function computeControlPlaneManifests(
  place: ControlPlaneAddress,
  settings: ControlPlaneSettings,
): Record<string, string> {
  const pods = [etcd(place), apiServer(place), controllerManager(settings), scheduler()]
  return Object.fromEntries(
    pods.map((pod) => [
      `${pod.metadata.name ?? ''}.yaml`,
      stringify(pod, { lineWidth: 0, aliasDuplicateObjects: false }),
    ]),
  )
}

interface Component {
  name: string
  annotations?: Record<string, string>
  image: string
  flags: Record<string, string>
  requests: Record<string, string>
  /** What the kubelet asks to see whether it lives; `startup` only where it differs from `liveness`. */
  probes: {
    liveness: string
    readiness?: string
    startup?: string
    port: number
    scheme: 'HTTP' | 'HTTPS'
    host: string
  }
  mounts: Mount[]
}

interface Mount {
  name: string
  path: string
  type: 'DirectoryOrCreate' | 'FileOrCreate'
  writable?: boolean
}

function etcd({ node, address }: ControlPlaneAddress): Pod {
  const own = `https://${address}`
  return component({
    name: 'etcd',
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `${own}:2379` },
    image: ETCD_IMAGE,
    flags: {
      'advertise-client-urls': `${own}:2379`,
      'cert-file': `${PKI}/etcd/server.crt`,
      'client-cert-auth': 'true',
      'data-dir': '/var/lib/etcd',
      'experimental-initial-corrupt-check': 'true',
      'experimental-watch-progress-notify-interval': '5s',
      'initial-advertise-peer-urls': `${own}:2380`,
      'initial-cluster': `${node}=${own}:2380`,
      'key-file': `${PKI}/etcd/server.key`,
      'listen-client-urls': `https://127.0.0.1:2379,${own}:2379`,
      'listen-metrics-urls': `http://127.0.0.1:${ETCD_METRICS_PORT}`,
      'listen-peer-urls': `${own}:2380`,
      name: node,
      'peer-cert-file': `${PKI}/etcd/peer.crt`,
      'peer-client-cert-auth': 'true',
      'peer-key-file': `${PKI}/etcd/peer.key`,
      'peer-trusted-ca-file': `${PKI}/etcd/ca.crt`,
      'snapshot-count': '10000',
      'trusted-ca-file': `${PKI}/etcd/ca.crt`,
    },
    requests: { cpu: '100m', memory: '100Mi' },
    probes: {
      liveness: '/livez',
      readiness: '/readyz',
      startup: '/readyz',
      port: ETCD_METRICS_PORT,
      scheme: 'HTTP',
      host: '127.0.0.1',
    },
    mounts: [
      { name: 'etcd-data', path: '/var/lib/etcd', type: 'DirectoryOrCreate', writable: true },
      { name: 'etcd-certs', path: `${PKI}/etcd`, type: 'DirectoryOrCreate' },
    ],
  })
}

function apiServer({ address }: ControlPlaneAddress): Pod {
  return component({
    name: 'kube-apiserver',
    annotations: {
      'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:${API_SERVER_PORT}`,
    },
    image: `registry.k8s.io/kube-apiserver:${KUBERNETES_VERSION}`,
    flags: {
      'advertise-address': address,
      'allow-privileged': 'true',
      'authorization-mode': 'Node,RBAC',
      'client-ca-file': `${PKI}/ca.crt`,
      'enable-admission-plugins': 'NodeRestriction',
      'enable-bootstrap-token-auth': 'true',
      'etcd-cafile': `${PKI}/etcd/ca.crt`,
      'etcd-certfile': `${PKI}/apiserver-etcd-client.crt`,
      'etcd-keyfile': `${PKI}/apiserver-etcd-client.key`,
      'etcd-servers': 'https://127.0.0.1:2379',
      'kubelet-client-certificate': `${PKI}/apiserver-kubelet-client.crt`,
      'kubelet-client-key': `${PKI}/apiserver-kubelet-client.key`,
      'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
      'proxy-client-cert-file': `${PKI}/front-proxy-client.crt`,
      'proxy-client-key-file': `${PKI}/front-proxy-client.key`,
      'requestheader-allowed-names': 'front-proxy-client',
      'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-username-headers': 'X-Remote-User',
      'secure-port': String(API_SERVER_PORT),
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': `${PKI}/sa.pub`,
      'service-account-signing-key-file': `${PKI}/sa.key`,
      'service-cluster-ip-range': SERVICE_NETWORK,
      'tls-cert-file': `${PKI}/apiserver.crt`,
      'tls-private-key-file': `${PKI}/apiserver.key`,
    },
    requests: { cpu: '250m' },
    probes: { liveness: '/livez', readiness: '/readyz', port: API_SERVER_PORT, scheme: 'HTTPS', host: address },
    mounts: [{ name: 'k8s-certs', path: PKI, type: 'DirectoryOrCreate' }],
  })
}

function controllerManager({ scheduleDaemonSetPods }: ControlPlaneSettings): Pod {
  const kubeconfig = '/etc/kubernetes/controller-manager.conf'
  return component({
    name: 'kube-controller-manager',
    image: `registry.k8s.io/kube-controller-manager:${KUBERNETES_VERSION}`,
    flags: {
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'bind-address': '127.0.0.1',
      'client-ca-file': `${PKI}/ca.crt`,
      'cluster-name': 'kubernetes',
      'cluster-signing-cert-file': `${PKI}/ca.crt`,
      'cluster-signing-key-file': `${PKI}/ca.key`,
      controllers: '*,bootstrap-signer-controller,token-cleaner-controller',
      ...(scheduleDaemonSetPods ? {} : { 'feature-gates': `${SCHEDULE_DAEMON_SET_PODS}=false` }),
      kubeconfig,
      'leader-elect': 'true',
      'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
      'root-ca-file': `${PKI}/ca.crt`,
      'service-account-private-key-file': `${PKI}/sa.key`,
      'use-service-account-credentials': 'true',
    },
    requests: { cpu: '200m' },
    probes: { liveness: '/healthz', port: CONTROLLER_MANAGER_PORT, scheme: 'HTTPS', host: '127.0.0.1' },
    mounts: [
      { name: 'k8s-certs', path: PKI, type: 'DirectoryOrCreate' },
      { name: 'kubeconfig', path: kubeconfig, type: 'FileOrCreate' },
    ],
  })
}

function scheduler(): Pod {
  const kubeconfig = '/etc/kubernetes/scheduler.conf'
  return component({
    name: 'kube-scheduler',
    image: `registry.k8s.io/kube-scheduler:${KUBERNETES_VERSION}`,
    flags: {
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'bind-address': '127.0.0.1',
      kubeconfig,
      'leader-elect': 'true',
    },
    requests: { cpu: '100m' },
    probes: {
      liveness: '/livez',
      readiness: '/readyz',
      port: SCHEDULER_PORT,
      scheme: 'HTTPS',
      host: '127.0.0.1',
    },
    mounts: [{ name: 'kubeconfig', path: kubeconfig, type: 'FileOrCreate' }],
  })
}

function component({ name, annotations, image, flags, requests, probes, mounts }: Component): Pod {
  const container: Container = {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [name, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    ports: [{ name: 'probe-port', containerPort: probes.port, protocol: 'TCP' }],
    resources: { requests },
    livenessProbe: probe(probes, probes.liveness, { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 8 }),
    ...(probes.readiness === undefined
      ? {}
      : { readinessProbe: probe(probes, probes.readiness, { periodSeconds: 1, failureThreshold: 3 }) }),
    startupProbe: probe(probes, probes.startup ?? probes.liveness, {
      initialDelaySeconds: 10,
      periodSeconds: 10,
      failureThreshold: 24,
    }),
    volumeMounts: mounts.map((mount) => ({
      name: mount.name,
      mountPath: mount.path,
      ...(mount.writable === true ? {} : { readOnly: true }),
    })),
  }
  const volumes = mounts.map((mount): Volume => {
    return { name: mount.name, hostPath: { path: mount.path, type: mount.type } }
  })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(annotations === undefined ? {} : { annotations }),
      labels: { component: name, tier: 'control-plane' },
      name,
      namespace: 'kube-system',
    },
    spec: {
      containers: [container],
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes,
    },
  }
}

function probe({ host, scheme }: Component['probes'], path: string, times: Partial<Probe>): Probe {
  return { httpGet: { host, path, port: 'probe-port', scheme }, timeoutSeconds: 15, ...times }
}
