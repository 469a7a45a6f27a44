/** Volumes, variables, networks and references of pods (REPORT.md §8). */
import type { EnvVar } from '../../../../src-main/common/api/core.ts'
import { obeysTerm, runs } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { KubeletCase } from '../kubelet-case.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { SimulatedWorld } from '../simulated-world.ts'
import { eventsOnce, starting } from './steps.ts'

const RUNNING = 'Running, ready; c running'
const CREATING = 'Pending, unready [c]; c waiting ContainerCreating'
const FIRST_EVENTS = ['Pulled c', 'Created c', 'Started c']

const fromField = (name: string, fieldPath: string): EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } })
const fromResource = (name: string, resource: string): EnvVar => ({
  name,
  valueFrom: { resourceFieldRef: { resource } },
})

const EVERYTHING: PodPlan = {
  metadata: { labels: { a: '1', b: '2' }, annotations: { n: 'm' } },
  containers: [
    {
      name: 'c',
      runs: runs('sleep 600'),
      env: [
        fromField('POD_NAME', 'metadata.name'),
        fromField('POD_NS', 'metadata.namespace'),
        fromField('POD_UID', 'metadata.uid'),
        fromField('POD_IP', 'status.podIP'),
        fromField('HOST_IP', 'status.hostIP'),
        fromField('NODE', 'spec.nodeName'),
        fromField('SA', 'spec.serviceAccountName'),
        fromResource('CPU', 'limits.cpu'),
        fromResource('MEM', 'requests.memory'),
        fromField('LBL', "metadata.labels['a']"),
        { name: 'REF', value: '$(POD_NAME)-x $(NOPE) $$(POD_NAME)' },
      ],
      resources: { requests: { memory: '32Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
      volumeMounts: ['h', 'e', 'm', 'd'].map((name) => ({ name, mountPath: `/${name}` })),
    },
  ],
  spec: {
    volumes: [
      { name: 'h', hostPath: { path: '/data/hp', type: 'DirectoryOrCreate' } },
      { name: 'e', emptyDir: {} },
      { name: 'm', emptyDir: { medium: 'Memory' } },
      { name: 'd', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    ],
  },
}

/** Refers to an object that only a kube-apiserver has. */
function referenceCase(
  words: Pick<KubeletCase, 'given' | 'then'>,
  file: string,
  plan: PodPlan,
  recorded: KubeletCase['recorded'],
  refusal: string,
): KubeletCase {
  return {
    ...words,
    source: { section: '8', recordings: [`${file}.txt`, `${file}.status.json`] },
    worlds: ['clock'],
    async steps(world) {
      if (!(world instanceof SimulatedWorld)) throw new Error('only there a verdict is at hand')
      await world.start(plan)
      await world.pass(30)
      return {
        'events, each once': eventsOnce(world),
        'what is said of the file': world.node.file(`${world.podName}.yaml`).message,
      }
    },
    recorded,
    differs: [
      {
        reason: 'A static pod that refers to an object of the API is refused.',
        because: { facts: '1.3.6' },
        instead: {
          states: [],
          runtime: [],
          findings: { 'events, each once': [], 'what is said of the file': refusal },
        },
      },
    ],
  }
}

const TYPE_CHECK =
  'MountVolume.SetUp failed for volume "h" : hostPath type check failed: /nonexistent/dir is not a directory'

export const VOLUME_CASES = defineKubeletCases({
  vol: {
    given: 'variables and volumes of every kind that a static pod may have',
    then: 'the container finds in them what it asks for',
    source: { section: '8', recordings: ['08-volumes-downward.txt', '08-volumes-downward.status.json'] },
    worlds: ['engine'],
    async steps(world) {
      await world.start(EVERYTHING)
      await world.sees('states', RUNNING)
      const pod = await world.pod()
      const { podIP = '', hostIP = '' } = pod?.status ?? {}
      const env = (await world.exec('c', 'env'))
        .split('\n')
        .filter((line) => line !== '' && !/^(?:PATH|PWD|SHLVL|HOME|TERM)=/.test(line))
      const told = env.map((line) =>
        line
          .replace(podIP, 'IP of the pod')
          .replace(hostIP, 'IP of the node')
          .replace(pod?.metadata.uid ?? '', 'UID'),
      )
      const mode = async (path: string): Promise<string> => (await world.exec('c', 'stat', '-c', '%A', path)).trim()
      return {
        variables: told.toSorted(),
        'labels file': (await world.exec('c', 'cat', '/d/labels')).trimEnd(),
        'labels file leads to': (await world.exec('c', 'readlink', '/d/labels')).trim(),
        modes: {
          emptyDir: await mode('/e'),
          memory: await mode('/m'),
          hostPath: await mode('/h'),
          downwardAPI: await mode('/d'),
        },
      }
    },
    recorded: {
      states: [...starting('c'), RUNNING],
      findings: {
        variables: [
          'CPU=1',
          'HOSTNAME=vol-node01',
          'HOST_IP=IP of the node',
          'LBL=1',
          'MEM=33554432',
          'NODE=node01',
          'POD_IP=IP of the pod',
          'POD_NAME=vol-node01',
          'POD_NS=default',
          'POD_UID=UID',
          'REF=vol-node01-x $(NOPE) $(POD_NAME)',
          'SA=',
        ],
        'labels file': 'a="1"\nb="2"',
        'labels file leads to': '..data/labels',
        modes: { emptyDir: 'drwxrwxrwx', memory: 'drwxrwxrwt', hostPath: 'drwxr-xr-x', downwardAPI: 'drwxrwxrwt' },
      },
    },
  },
  hpmiss: {
    given: 'a hostPath of type Directory that is missing',
    then: 'the events say so, and the pod waits without a sandbox',
    source: {
      section: '8',
      recordings: ['08-hostpath-missing-Directory.txt', '08-hostpath-missing-Directory.status.json'],
    },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const volumes = [{ name: 'h', hostPath: { path: '/nonexistent/dir', type: 'Directory' as const } }]
      await world.start(onePod(obeysTerm(0), { volumes }, { volumeMounts: [{ name: 'h', mountPath: '/h' }] }))
      await world.sees('events', `FailedMount: ${TYPE_CHECK}`)
      await world.pass(world.isReal ? 2 : 20)
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: starting('c'),
      runtime: [],
      findings: { 'events, each once': [`FailedMount: ${TYPE_CHECK}`] },
    },
  },
  cmref: referenceCase(
    { given: 'a variable from a ConfigMap, without a kube-apiserver', then: 'the container cannot be made' },
    '08-configmap-standalone',
    onePod(obeysTerm(0), {}, { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'x', key: 'y' } } }] }),
    {
      states: [
        ...starting('c'),
        'Pending, unready [c]; c waiting CreateContainerConfigError "couldn\'t get configMap default/x, no kubeClient defined"',
      ],
      runtime: ['sandbox 0 started'],
      findings: {
        'events, each once': ['Pulled c', "Failed c: Error: couldn't get configMap default/x, no kubeClient defined"],
      },
    },
    'static pods may not reference configmaps',
  ),
  cmvol: referenceCase(
    { given: 'a volume of a ConfigMap, without a kube-apiserver', then: 'the volume cannot be mounted' },
    '08-configmap-volume-standalone',
    onePod(
      obeysTerm(0),
      { volumes: [{ name: 'h', configMap: { name: 'x' } }] },
      { volumeMounts: [{ name: 'h', mountPath: '/h' }] },
    ),
    {
      states: [...starting('c').slice(0, -1), CREATING],
      runtime: [],
      findings: {
        'events, each once': [
          'FailedMount: MountVolume.SetUp failed for volume "h" : failed to sync configmap cache: timed out waiting for the condition',
        ],
      },
    },
    'static pods may not reference configmaps (via configmap volumes)',
  ),
  hostnet: {
    given: 'a pod with hostNetwork',
    then: 'it has the name and the network of the node',
    source: { section: '8', recordings: ['08-hostnetwork.txt', '08-hostnetwork.status.json'] },
    worlds: ['engine'],
    async steps(world) {
      await world.start(onePod(runs('sleep 600'), { hostNetwork: true }))
      await world.sees('states', RUNNING)
      const { podIP, hostIP } = (await world.pod())?.status ?? {}
      return {
        hostname: (await world.exec('c', 'hostname')).trim(),
        'address of the pod': podIP === undefined ? 'none' : podIP === hostIP ? 'that of the node' : podIP,
      }
    },
    recorded: {
      states: [...starting('c'), RUNNING],
      runtime: ['sandbox 0 started', 'c 0 started'],
      events: FIRST_EVENTS,
      findings: { hostname: 'node01', 'address of the pod': 'none' },
    },
    differs: [
      {
        reason: 'The address of such a pod is that of its node, with a kube-apiserver or without.',
        because: { facts: '2.18.4' },
        instead: { findings: { hostname: 'node01', 'address of the pod': 'that of the node' } },
      },
    ],
  },
  hport: {
    given: 'a pod with a hostPort',
    then: 'it runs as every other pod',
    source: { section: '8', recordings: ['08-hostport.txt', '08-hostport.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const server = { script: 'httpd -f -p 80 -h /etc', behaviour: {} }
      await world.start(onePod(server, {}, { ports: [{ containerPort: 80, hostPort: 18080 }] }))
      await world.sees('states', RUNNING)
      await world.sees('events', 'Started c')
    },
    recorded: {
      states: [...starting('c'), RUNNING],
      runtime: ['sandbox 0 started', 'c 0 started'],
      events: FIRST_EVENTS,
    },
  },
})
