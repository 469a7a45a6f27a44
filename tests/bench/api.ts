/** The API server with many pods: how long lists and watches take, and what it keeps. */
import { readFileSync } from 'node:fs'
import { EtcdStore } from '../../src-main/apiserver/storage/etcd/etcd-store.ts'
import { systemClock } from '../../src-main/base/clock.ts'
import type { PrivateEtcd } from '../support/etcd/private-etcd.ts'
import { BenchApiServer } from './api-server.ts'
import { median, milliseconds, type Row } from './measure.ts'

const PODS = 5000
const WRITERS = 16
const PODS_PATH = '/api/v1/namespaces/default/pods'
const TABLE = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }
const INITIAL_EVENTS =
  'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=60'

export async function measureApi(runs: number, progress: (message: string) => void): Promise<Row[]> {
  progress('an API server without pods')
  const empty = await BenchApiServer.start(() => Promise.resolve())
  const emptyBytes = await settledBytes(empty)
  await empty.dispose()
  progress(`an API server with ${PODS} pods`)
  const server = await BenchApiServer.start(writePods)
  try {
    const measured: Record<'list' | 'table' | 'watch', number[]> = { list: [], table: [], watch: [] }
    for (let run = 0; run < runs; run++) {
      measured.list.push(await timed(() => listAll(server, '')))
      measured.table.push(await timed(() => listAll(server, 'limit=500', TABLE)))
      measured.watch.push(await timed(() => watchAll(server)))
    }
    const fullBytes = await settledBytes(server)
    return [
      { what: `API: list of ${PODS} pods`, value: milliseconds(median(measured.list)) },
      { what: `API: table of ${PODS} pods in pages of 500`, value: milliseconds(median(measured.table)) },
      { what: `API: watch that begins with ${PODS} pods`, value: milliseconds(median(measured.watch)) },
      { what: 'API server without pods: resident memory', value: megabytes(emptyBytes) },
      { what: `API server with ${PODS} pods, after that: resident memory`, value: megabytes(fullBytes) },
    ]
  } finally {
    await server.dispose()
  }
}

/** Straight into etcd: what is measured is reading. */
async function writePods(etcd: PrivateEtcd): Promise<void> {
  const store = new EtcdStore({ servers: [etcd.url], clock: systemClock() })
  const write = async (writer: number): Promise<void> => {
    for (let index = writer; index < PODS; index += WRITERS)
      await store.create(`/registry/pods/default/web-${index}`, JSON.stringify(podOf(index)))
  }
  try {
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
  } finally {
    store.dispose()
  }
}

function podOf(index: number): object {
  const time = '2026-01-01T00:00:00Z'
  const condition = (type: string): object => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: time })
  const podIP = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${index}`,
      namespace: 'default',
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      creationTimestamp: time,
      labels: { app: 'web', 'pod-template-hash': '5d4f8c7b9' },
      generation: 1,
    },
    spec: {
      containers: [
        {
          name: 'web',
          image: 'docker.io/library/nginx:1.27',
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      nodeName: `node${index % 3}`,
      securityContext: {},
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
        condition,
      ),
      hostIP: '172.30.0.2',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: time,
      containerStatuses: [
        {
          name: 'web',
          state: { running: { startedAt: time } },
          lastState: {},
          ready: true,
          restartCount: 0,
          image: 'docker.io/library/nginx:1.27',
          imageID: `docker.io/library/nginx@sha256:${'0'.repeat(64)}`,
          containerID: `docker://${String(index).padStart(64, '0')}`,
          started: true,
        },
      ],
      qosClass: 'Burstable',
    },
  }
}

async function timed(act: () => Promise<number>): Promise<number> {
  const beganMs = performance.now()
  const pods = await act()
  if (pods !== PODS) throw new Error(`${pods} pods instead of ${PODS}`)
  return performance.now() - beganMs
}

async function listAll(server: BenchApiServer, query: string, headers: Record<string, string> = {}): Promise<number> {
  let count = 0
  for (let token: string | undefined = ''; token !== undefined;) {
    const { body } = await server.get(`${PODS_PATH}?${query}&continue=${token}`, headers)
    const list = JSON.parse(body.toString()) as { items?: []; rows?: []; metadata: { continue?: string } }
    count += (list.items ?? list.rows ?? []).length
    token = list.metadata.continue === undefined ? undefined : encodeURIComponent(list.metadata.continue)
  }
  return count
}

/** Until the bookmark that ends the beginning: one line for each pod before it. */
async function watchAll(server: BenchApiServer): Promise<number> {
  let lines = 0
  await server.get(`${PODS_PATH}?${INITIAL_EVENTS}`, {}, (chunk) => {
    for (const byte of chunk) if (byte === 0x0a) lines++
    return lines > PODS
  })
  return lines - 1
}

/** After some seconds, in which garbage goes. */
async function settledBytes(server: BenchApiServer): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`
}
