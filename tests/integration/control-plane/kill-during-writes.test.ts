/** etcd and the API server killed while a thousand writes are under way: what was acknowledged is there, and watches lose nothing. */
import * as upstream from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src-main/base/clock.ts'
import { silentLogger } from '../../../src-main/base/logger.ts'
import type { ApiObject, GroupVersionResource } from '../../../src-main/common/api/api-object.ts'
import type { ApiClient } from '../../../src-main/kube/api-client.ts'
import { Informer } from '../../../src-main/kube/informer.ts'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { waitUntil } from '../../support/wait-until.ts'

type ConfigMap = ApiObject & { data?: Record<string, string> }

const CONFIG_MAPS: GroupVersionResource = { group: '', version: 'v1', resource: 'configmaps' }
const NAMESPACE = 'writes'
const WRITES = 1000
const WRITERS = 8
const KILL_AFTER_WRITES = 300
const PAUSE_AFTER_FAILURE_MS = 500

const lab = new ControlPlaneLab('kills')
let client: ReturnType<ControlPlaneLab['client']>

beforeAll(async () => {
  await lab.up('--nodes', '1')
  client = lab.client()
})

afterAll(async () => {
  client.dispose()
  await lab.dispose()
})

describe.each([{ part: 'etcd-controlplane' }, { part: 'kube-apiserver-controlplane' }])(
  'a kill of $part',
  ({ part }) => {
    it('given writes and watches under way, when it comes, then no acknowledged write is lost and watches tell each once', async () => {
      const namespace = `${NAMESPACE}-${part.split('-')[0] ?? ''}`
      await waitUntil({ what: 'a namespace', timeoutSeconds: 60 }, () =>
        lab.kubectlOk(['create', 'namespace', namespace], { timeoutSeconds: 10 }),
      )
      const ours = followWithOurs(client, namespace)
      const theirs = await followWithUpstream(namespace)
      try {
        let killed: Promise<string> | undefined
        const written = await writeMany(client, namespace, (acknowledged) => {
          if (acknowledged >= KILL_AFTER_WRITES) killed ??= lab.ok('crash', part)
        })
        await killed
        await lab.waitForApi()
        const there = await readAll(client, namespace)
        expect(killed).toBeDefined()
        expect(
          [...written.acknowledged].filter(([name, value]) => !acceptable(written, name, value, there.get(name))),
        ).toEqual([])
        expect([...there.keys()].filter((name) => !written.attempted.has(name))).toEqual([])
        for (const [who, told] of [
          ['ours', ours],
          ['client-node', theirs],
        ] as const) {
          await waitUntil({ what: `the informer of ${who} to know all`, timeoutSeconds: 60 }, () => {
            const differing = [...there].filter(([name, value]) => told.known().get(name) !== value).length
            if (differing > 0 || told.known().size !== there.size) throw new Error(`${differing} differ`)
            return true
          })
          expect({ who, addedTwice: told.addedTwice, wentBack: told.wentBack, deleted: told.deleted }).toEqual({
            who,
            addedTwice: [],
            wentBack: [],
            deleted: [],
          })
        }
        console.log(
          `  ${part} killed: ${written.acknowledged.size} names acknowledged, ${written.failures} requests failed`,
        )
      } finally {
        await theirs.stop()
        ours.stop()
      }
    })
  },
)

interface Written {
  /** The last value whose write was acknowledged, by name. */
  acknowledged: Map<string, string>
  /** The last value that was sent, by name. */
  attempted: Map<string, string>
  failures: number
}

/** An update that nobody answered may have happened. */
function acceptable(written: Written, name: string, value: string, found: string | undefined): boolean {
  return found !== undefined && (found === value || found === written.attempted.get(name))
}

/** Half of them create an object, half update it; none is sent twice, whatever became of it. */
async function writeMany(api: ApiClient, namespace: string, onAcknowledged: (count: number) => void): Promise<Written> {
  const written: Written = { acknowledged: new Map(), attempted: new Map(), failures: 0 }
  let next = 0
  let count = 0
  const attempt = async (name: string, value: string, send: () => Promise<unknown>): Promise<boolean> => {
    written.attempted.set(name, value)
    try {
      await send()
      written.acknowledged.set(name, value)
      onAcknowledged(++count)
      return true
    } catch {
      written.failures++
      // The server is away: what is left to write shall not be spent on it.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS))
      return false
    }
  }
  const writer = async (): Promise<void> => {
    while (next < WRITES / 2) {
      const name = `object-${next++}`
      const metadata = { name, namespace }
      const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'first' } }
      if (!(await attempt(name, 'first', () => api.create(CONFIG_MAPS, object)))) continue
      const patch = { data: { value: 'second' } }
      await attempt(name, 'second', () =>
        api.patch(CONFIG_MAPS, { namespace, name }, 'application/merge-patch+json', patch),
      )
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
  return written
}

async function readAll(api: ApiClient, namespace: string): Promise<Map<string, string>> {
  const { items } = await api.list<ConfigMap>(CONFIG_MAPS, { namespace })
  return new Map(items.filter(isWritten).map(({ metadata, data }) => [metadata.name ?? '', data?.['value'] ?? '']))
}

/** Every namespace has one with the authority's certificate besides. */
function isWritten({ metadata }: { metadata?: { name?: string } }): boolean {
  return metadata?.name?.startsWith('object-') === true
}

interface Told {
  known(): Map<string, string>
  addedTwice: string[]
  /** Objects of which an older state was told after a newer one. */
  wentBack: string[]
  deleted: string[]
}

class Listener implements Told {
  readonly addedTwice: string[] = []
  readonly wentBack: string[] = []
  readonly deleted: string[] = []
  readonly #values = new Map<string, string>()
  readonly #revisions = new Map<string, number>()

  known(): Map<string, string> {
    return this.#values
  }

  onAdd(object: Readonly<upstream.V1ConfigMap>): void {
    const name = object.metadata?.name ?? ''
    if (isWritten(object) && this.#values.has(name)) this.addedTwice.push(name)
    this.onUpdate(object)
  }

  onUpdate(object: Readonly<upstream.V1ConfigMap>): void {
    if (!isWritten(object)) return
    const name = object.metadata?.name ?? ''
    const revision = Number(object.metadata?.resourceVersion)
    if (revision <= (this.#revisions.get(name) ?? 0)) this.wentBack.push(name)
    this.#revisions.set(name, revision)
    this.#values.set(name, object.data?.['value'] ?? '')
  }

  onDelete(object: Readonly<upstream.V1ConfigMap>): void {
    if (isWritten(object)) this.deleted.push(object.metadata?.name ?? '')
  }
}

function followWithOurs(api: ApiClient, namespace: string): Listener & { stop(): void } {
  const listener = new Listener()
  const informer = new Informer<ConfigMap>({
    client: api,
    clock: systemClock(),
    logger: silentLogger,
    random: Math.random,
    resource: CONFIG_MAPS,
    selection: { namespace },
  })
  const read = (object: ConfigMap): upstream.V1ConfigMap => object as unknown as upstream.V1ConfigMap
  informer.follow({
    onAdd: (object) => listener.onAdd(read(object)),
    onUpdate: (object) => listener.onUpdate(read(object)),
    onDelete: (object) => listener.onDelete(read(object)),
  })
  informer.start()
  return Object.assign(listener, { stop: () => informer.dispose() })
}

/** As its own examples use it: after an error it is started again. */
async function followWithUpstream(namespace: string): Promise<Listener & { stop(): Promise<void> }> {
  const listener = new Listener()
  const access = new upstream.KubeConfig()
  access.loadFromFile(lab.kubeconfig)
  const api = access.makeApiClient(upstream.CoreV1Api)
  const informer = upstream.makeInformer(access, `/api/v1/namespaces/${namespace}/configmaps`, () =>
    api.listNamespacedConfigMap({ namespace }),
  )
  const end = new AbortController()
  const startAgain = (): void => {
    if (!end.signal.aborted) setTimeout(() => void informer.start().catch(startAgain), 500)
  }
  informer.on('add', (object) => listener.onAdd(object))
  informer.on('update', (object) => listener.onUpdate(object))
  informer.on('delete', (object) => listener.onDelete(object))
  informer.on('error', startAgain)
  await informer.start()
  const stop = async (): Promise<void> => {
    end.abort()
    await informer.stop()
  }
  return Object.assign(listener, { stop })
}
