/** What the in-memory bridge begins with. */
import type { Sample } from '@common/ipc/calls.ts'

const RAW: Record<string, string> = import.meta.glob('../../../resources/manifests/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const FAKE_SAMPLES: Sample[] = Object.entries(RAW).map(([path, content]) => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return { name, id: name.replace(/\.ya?ml$/, ''), content }
})

function sample(name: string): string {
  return FAKE_SAMPLES.find((candidate) => candidate.name === name)?.content ?? ''
}

function aPod(name: string, image = 'nginx'): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: app\n      image: ${image}\n`
}

const LONG_NAME = 'a-pod-with-quite-a-long-name-that-somebody-chose-to-test-how-the-board-copes-with-it'
const MANY = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`pod-${index + 1}.yaml`, aPod(`pod-${index + 1}`)]),
)

const MANY_NODES = 20
const PODS_PER_NODE = 100

/** As much as the board has to carry: 2,000 pods. */
function manyNodes(): Record<string, Record<string, string>> {
  const numbered = (count: number, prefix: string, digits: number): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(digits, '0')}`)
  const files = Object.fromEntries(numbered(PODS_PER_NODE, 'app', 3).map((name) => [`${name}.yaml`, aPod(name)]))
  return Object.fromEntries(numbered(MANY_NODES, 'node', 2).map((node) => [node, files]))
}

/** Files of each node; scenarios that are not here have no lab. */
export const SCENARIOS: Record<string, Record<string, Record<string, string>>> = {
  default: {
    node01: {
      'web.yaml': sample('web.yaml'),
      'crash-loop.yaml': sample('crash-loop.yaml'),
      'deployment.yaml': sample('deployment.yaml'),
      'typo.yaml': aPod('typo').replace('      image', '      imagee: busybox\n      image'),
    },
    node02: {},
  },
  stopped: { node01: { 'web.yaml': sample('web.yaml') }, node02: {} },
  full: {
    node01: { ...MANY, [`${LONG_NAME}.yaml`]: aPod(LONG_NAME), 'crash-loop.yaml': sample('crash-loop.yaml') },
    node02: Object.fromEntries(FAKE_SAMPLES.map(({ name, content }) => [name, content])),
    'a-node-with-a-rather-long-name': {
      'missing.yaml': aPod('missing', 'registry.example.com/missing:1'),
      'list.yaml': 'apiVersion: v1\nkind: PodList\nitems: []\n',
    },
    node04: {},
  },
  many: manyNodes(),
}
