/** Pieces of a Pod that are written over and over: a container, a probe, a volume, a port. Pure. */
import type { FieldPath } from './field-path.ts'

export type SnippetId =
  | 'container'
  | 'httpProbe'
  | 'tcpProbe'
  | 'execProbe'
  | 'port'
  | 'emptyDir'
  | 'hostPath'
  | 'mount'
  | 'resources'

export interface Snippet {
  id: SnippetId
  /** What is typed to find it. */
  label: string
  /** Places to fill in are `${…}`; lines after the first are indented from the first one's column. */
  template: string
}

interface PlacedSnippet extends Snippet {
  /** The map that it is written into; indices are `#`. */
  place: readonly string[]
  /** Keys that it brings: it is not offered where one of them is. */
  keys: readonly string[]
}

const CONTAINER = ['spec/containers/#', 'spec/initContainers/#']

const PLACED: readonly PlacedSnippet[] = [
  {
    id: 'container',
    label: 'container',
    place: CONTAINER,
    keys: ['name', 'image', 'command'],
    template: 'name: ${app}\nimage: ${nginx}',
  },
  {
    id: 'httpProbe',
    label: 'livenessProbe (HTTP)',
    place: CONTAINER,
    keys: ['livenessProbe'],
    template: 'livenessProbe:\n  httpGet:\n    path: ${/}\n    port: ${80}\n  periodSeconds: ${5}',
  },
  {
    id: 'execProbe',
    label: 'livenessProbe (command)',
    place: CONTAINER,
    keys: ['livenessProbe'],
    template: 'livenessProbe:\n  exec:\n    command: [${cat, /tmp/healthy}]\n  periodSeconds: ${5}',
  },
  {
    id: 'tcpProbe',
    label: 'readinessProbe (TCP)',
    place: CONTAINER,
    keys: ['readinessProbe'],
    template: 'readinessProbe:\n  tcpSocket:\n    port: ${80}\n  periodSeconds: ${5}',
  },
  {
    id: 'port',
    label: 'ports (one)',
    place: CONTAINER,
    keys: ['ports'],
    template: 'ports:\n  - containerPort: ${80}',
  },
  {
    id: 'mount',
    label: 'volumeMounts (one)',
    place: CONTAINER,
    keys: ['volumeMounts'],
    template: 'volumeMounts:\n  - name: ${data}\n    mountPath: ${/data}',
  },
  {
    id: 'resources',
    label: 'resources (limits)',
    place: CONTAINER,
    keys: ['resources'],
    template: 'resources:\n  requests:\n    cpu: ${100m}\n    memory: ${64Mi}\n  limits:\n    memory: ${128Mi}',
  },
  {
    id: 'emptyDir',
    label: 'volumes (emptyDir)',
    place: ['spec'],
    keys: ['volumes'],
    template: 'volumes:\n  - name: ${data}\n    emptyDir: {}',
  },
  {
    id: 'hostPath',
    label: 'volumes (hostPath)',
    place: ['spec'],
    keys: ['volumes'],
    template: 'volumes:\n  - name: ${data}\n    hostPath:\n      path: ${/data}\n      type: DirectoryOrCreate',
  },
]

/** Those that fit into the map at the path, beside the keys that it has. */
export function snippetsAt(path: FieldPath, siblings: readonly string[]): Snippet[] {
  const shape = path.map((part) => (typeof part === 'number' ? '#' : part)).join('/')
  return PLACED.filter(({ place, keys }) => place.includes(shape) && !keys.some((key) => siblings.includes(key)))
}
