/**
 * The life of a node as data: what happens to it, and what then becomes of its parts. One source for two uses: tests
 * bring each event about and compare (`tests/integration/node-life.test.ts`, `tests/full/node-life.test.ts`), and
 * docs/node-life.md shows it.
 */

/** What became of something between two looks; `made anew`: another container does its work. */
export type Fate = 'lives' | 'restarts' | 'made anew' | 'off'

/** What became of each part of node01, on which `plain`, `beside` and `finished` are pods, and of node02. */
export interface Fates {
  node: Fate
  kubelet: Fate
  runtime: Fate
  /** Pause container of `plain`. */
  sandbox: Fate
  /** The container of `plain`. */
  container: Fate
  /** How much the restart count of `plain` grew; `undefined` while nobody can tell. */
  restartCount: number | undefined
  /** The container of `beside`, another pod of the node, which uses the node's network. */
  beside: Fate
  /** Whether the pod that has done its work (`restartPolicy: Never`) is left alone or runs again. */
  finished: 'stays' | 'runs again'
  /** The container of a pod of the other node. */
  otherNode: Fate
}

export interface LifeRow {
  /** What happens, as Markdown. */
  event: string
  /** What a machine with containerd and a kubelet under systemd does. */
  machine: string
  /** What may turn out either way is left out. */
  after: Partial<Fates>
  /** Where `after` is not what a machine does: why. What should not run may then run on until the remedy. */
  limit?: string
  /** What a person does about it, where it does not heal by itself. */
  remedy?: { command: readonly string[]; after: Fates }
}

const UNTOUCHED: Fates = {
  node: 'lives',
  kubelet: 'lives',
  runtime: 'lives',
  sandbox: 'lives',
  container: 'lives',
  restartCount: 0,
  beside: 'lives',
  finished: 'stays',
  otherNode: 'lives',
}

/** The node has no power; its runtime service has, unless it says otherwise. */
const NODE_OFF: Fates = {
  ...UNTOUCHED,
  node: 'off',
  kubelet: 'off',
  sandbox: 'off',
  container: 'off',
  restartCount: undefined,
  beside: 'off',
}

/** The node boots: its pods are made again, and count it. */
const NODE_BOOTS: Fates = {
  ...UNTOUCHED,
  node: 'restarts',
  kubelet: 'restarts',
  sandbox: 'made anew',
  container: 'made anew',
  restartCount: 1,
  beside: 'made anew',
}

const ALL_OFF: Fates = { ...NODE_OFF, runtime: 'off', otherNode: 'off' }
const ALL_BOOT: Fates = { ...NODE_BOOTS, runtime: 'restarts', otherNode: 'made anew' }
/** An engine that finds its containers running keeps them; runtime services have to find the engine's new socket. */
const ALL_KEPT: Fates = { ...UNTOUCHED, runtime: 'restarts' }

const NODE_START = { command: ['node', 'start', 'node01'] } as const

/** Events that any engine sees; the engine itself goes on. */
export const NODE_ROWS = {
  'node-stop': {
    event: '`node-lab node stop`',
    machine: 'is switched off',
    after: { ...NODE_OFF, runtime: 'off' },
    remedy: { ...NODE_START, after: { ...NODE_BOOTS, runtime: 'restarts' } },
  },
  'node-kill': {
    event: '`docker kill` of the node',
    machine: 'is unplugged, and stays off until somebody switches it on',
    after: NODE_OFF,
    remedy: { ...NODE_START, after: NODE_BOOTS },
  },
  'node-crash': {
    event: 'the first process of the node dies',
    machine: 'its kernel panics, and it boots',
    after: NODE_BOOTS,
  },
  'kubelet-kill': {
    event: 'the kubelet is killed (`kill -9`)',
    machine: 'systemd starts it after `RestartSec`; it adopts what runs',
    after: { ...UNTOUCHED, kubelet: 'restarts' },
  },
  'runtime-crash': {
    event: 'the process of the runtime service is killed',
    machine: 'systemd restarts containerd; shims keep the containers',
    after: { ...UNTOUCHED, runtime: 'restarts' },
  },
  'runtime-kill': {
    event: '`docker kill` of the runtime service',
    machine: '`systemctl stop containerd`: containers run on, the kubelet reports that its runtime is not ready',
    after: { ...UNTOUCHED, runtime: 'off' },
    remedy: { ...NODE_START, after: { ...UNTOUCHED, runtime: 'restarts' } },
  },
  'runtime-remove': {
    event: '`docker rm -f` of the runtime service',
    machine: 'containerd is removed: containers run on',
    after: { ...UNTOUCHED, runtime: 'off' },
    remedy: { command: ['up'], after: { ...UNTOUCHED, runtime: 'made anew' } },
  },
  'container-kill': {
    event: 'the container of a pod is killed',
    machine: 'the kubelet starts it again in the same sandbox',
    after: { ...UNTOUCHED, container: 'made anew', restartCount: 1 },
  },
  'node-remove': {
    event: '`docker rm -f` of the node',
    machine: 'its board is taken out; the disk is kept',
    after: NODE_OFF,
    remedy: { command: ['up'], after: { ...NODE_BOOTS, node: 'made anew' } },
  },
  // After a boot: of two restarts in one life of the kubelet, the second one is backed off.
  'sandbox-kill': {
    event: 'the pause container of a pod is killed',
    machine: 'the kubelet makes the sandbox anew, and all containers of the pod in it',
    after: { ...UNTOUCHED, sandbox: 'made anew', container: 'made anew', restartCount: 1 },
  },
  'stop-while-pod-is-made': {
    event: '`node-lab node stop` while a pod is being made',
    machine: 'is switched off; the half-made pod is made at the next boot',
    after: { ...NODE_OFF, runtime: 'off' },
    remedy: { ...NODE_START, after: { ...NODE_BOOTS, runtime: 'restarts' } },
  },
  down: {
    event: '`node-lab down`',
    machine: 'all are switched off',
    after: ALL_OFF,
    remedy: { command: ['up'], after: ALL_BOOT },
  },
} as const satisfies Record<string, LifeRow>

export const FURTHER_NODE_ROWS = {
  'node-and-runtime-crash': {
    event: 'the first processes of the node and of its runtime service die at once',
    machine: 'its kernel panics, and it boots',
    after: { ...NODE_BOOTS, runtime: 'restarts' },
  },
  'runtime-kill-then-node-kill': {
    event: '`docker kill` of the runtime service, then of the node',
    machine: 'is unplugged, and stays off until somebody switches it on',
    limit: 'nobody is left who could end the pods, which are containers beside the node',
    after: { ...UNTOUCHED, node: 'off', kubelet: 'off', runtime: 'off', restartCount: undefined },
    remedy: { ...NODE_START, after: { ...NODE_BOOTS, runtime: 'restarts' } },
  },
} as const satisfies Record<string, LifeRow>

/** The two events with the engine that say most. */
export const TELLING_ENGINE_ROWS = {
  'engine-kill': {
    event: 'the engine is killed (`kill -9`) and started',
    machine: 'the power fails and comes back: what still ran is ended, then all nodes boot',
    after: ALL_BOOT,
  },
  reboot: {
    event: 'the laptop loses its power; the engine is started',
    machine: 'the power fails and comes back',
    after: ALL_BOOT,
  },
} as const satisfies Record<string, LifeRow>

export const ENGINE_ROWS = {
  'engine-stop': {
    event: 'the engine is stopped (SIGTERM) and started',
    machine: 'all are shut down and switched on',
    after: ALL_BOOT,
  },
  'engine-stop-live-restore': {
    event: 'the engine is stopped and started at once, with `live-restore`',
    machine: 'systemd restarts containerd; shims keep the containers',
    after: ALL_KEPT,
  },
  'engine-kill-live-restore': {
    event: 'the engine is killed, and started after some seconds, with `live-restore`',
    machine: 'containerd is killed and restarted; shims keep the containers',
    after: ALL_KEPT,
  },
  'down-then-engine-restart': {
    event: '`node-lab down`, then the engine is stopped and started',
    machine: 'what was switched off stays off',
    after: ALL_OFF,
    remedy: { command: ['up'], after: ALL_BOOT },
  },
  'node-stop-then-reboot': {
    event: '`node-lab node stop`, then the laptop loses its power',
    machine: 'what was switched off stays off; the others boot',
    after: { ...NODE_OFF, runtime: 'off', otherNode: 'made anew' },
    remedy: { ...NODE_START, after: ALL_BOOT },
  },
  'node-kill-then-engine-restart': {
    event: '`docker kill` of the node, then the engine is stopped and started',
    machine: 'was unplugged, not switched off: it boots when the power is back',
    after: ALL_BOOT,
  },
  'engine-kill-while-node-stops': {
    event: 'the engine is killed while `node-lab node stop` is at work',
    machine: 'the power fails while one is being switched off: that one stays off',
    after: {
      node: 'off',
      kubelet: 'off',
      sandbox: 'off',
      container: 'off',
      beside: 'off',
      finished: 'stays',
      otherNode: 'made anew',
    },
    remedy: { ...NODE_START, after: ALL_BOOT },
  },
  'engine-kill-while-pod-is-made': {
    event: 'the engine is killed while a pod is being made',
    machine: 'the power fails and comes back; the half-made pod is made at the next boot',
    after: ALL_BOOT,
  },
  'reboot-while-lab-comes-up': {
    event: '`node-lab down`; the laptop loses its power while `node-lab up` is at work',
    machine: 'the power fails while all are being switched on',
    after: { finished: 'stays' },
    remedy: { command: ['up'], after: ALL_BOOT },
  },
} as const satisfies Record<string, LifeRow>

export const LIFE_ROWS = { ...NODE_ROWS, ...FURTHER_NODE_ROWS, ...TELLING_ENGINE_ROWS, ...ENGINE_ROWS }

export type LifeEvent = keyof typeof LIFE_ROWS
