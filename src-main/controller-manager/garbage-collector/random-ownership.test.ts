/** Random histories of owners and dependents, on a server that fails: in the end what is left is what upstream's rules leave. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newControllerCluster, type ControllerCluster } from '../../../tests/support/controllers/controller-cluster.ts'
import { UnreliableApi, type WriteFault } from '../../../tests/support/controllers/unreliable-api.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import { CONFIG_MAPS, NODES, PODS, SECRETS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import { testControllerContext } from '../testing/test-controller-context.ts'
import { startGarbageCollector } from './garbage-collector-controller.ts'

const HISTORIES = Number(process.env['NODE_LAB_HISTORIES'] ?? 100)
/** The same histories each time, unless others are asked for. */
const SEED = Number(process.env['NODE_LAB_SEED'] ?? 1)
const MERGE = 'application/strategic-merge-patch+json'
/** After the last failure everything is done within this time, retries and graceful ends included. */
const SETTLE_MS = 120_000

const KINDS = [
  { of: CONFIG_MAPS, apiVersion: 'v1', kind: 'ConfigMap' },
  { of: SECRETS, apiVersion: 'v1', kind: 'Secret' },
  { of: PODS, apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'c', image: 'bb:v1' }] } },
  { of: NODES, apiVersion: 'v1', kind: 'Node' },
] as const

type Happening =
  /** Owners are picked from what was made before. */
  | { does: 'create'; kind: number; name: number; owners: { pick: number; blocks: boolean }[] }
  /** Anything may come to own anything, itself too. */
  | { does: 'own'; pick: number; owner: { pick: number; blocks: boolean } }
  | { does: 'delete'; pick: number; policy: 'Background' | 'Foreground' | 'Orphan' }
  | { does: 'hold'; kind: number }
  | { does: 'fail'; faults: WriteFault[] }
  | { does: 'cut' | 'forget' | 'restart' | 'release' | 'settle' }

type Step = Happening & { thenMs: number }

const pick = fc.nat(30)
const ownerPick = fc.record({ pick, blocks: fc.boolean() })
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('create' as const),
      kind: fc.nat(KINDS.length - 1),
      name: fc.nat(11),
      owners: fc.array(ownerPick, { maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('own' as const), pick, owner: ownerPick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('delete' as const),
      pick,
      policy: fc.constantFrom('Background', 'Foreground', 'Orphan'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('hold' as const), kind: fc.nat(KINDS.length - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('fail' as const),
      faults: fc.array(fc.constantFrom<WriteFault>('none', 'none', 'conflict', 'conflict', 'refused', 'lost'), {
        maxLength: 10,
      }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('cut', 'forget', 'restart', 'release', 'settle') }) },
)
const histories: fc.Arbitrary<Step[]> = fc.array(
  fc
    .tuple(happenings, fc.constantFrom(0, 0, 5, 200, 1500))
    .map(([happening, thenMs]): Step => ({ ...happening, thenMs })),
  { maxLength: 40, size: 'max' },
)

interface Made {
  of: GroupVersionResource
  object: ApiObject
  /** By uid, with the number of the settling before which the reference was there. */
  owners: Map<string, number>
  deletions: { policy: 'Background' | 'Foreground' | 'Orphan'; settlings: number; wasGoing: boolean }[]
}

class Ownership implements AsyncDisposable {
  readonly #api = new UnreliableApi()
  readonly #cluster: ControllerCluster
  readonly #made: Made[] = []
  #settlings = 0
  #restart: () => Promise<void> = () => Promise.resolve()

  constructor() {
    this.#cluster = newControllerCluster([(context) => this.#startRestartable(context)], {
      through: (client, clock) => this.#api.through(client, clock),
    })
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#cluster[Symbol.asyncDispose]()
  }

  async take(step: Step): Promise<void> {
    await this.#act(step)
    await this.#cluster.clock.advance(step.thenMs)
  }

  async settle(): Promise<void> {
    this.#api.fault = () => 'none'
    this.#api.releaseAll()
    await this.#cluster.clock.advance(SETTLE_MS)
    this.#settlings++
  }

  /** Throws when something is there that should not be, or the other way round. */
  async check(): Promise<void> {
    const living = new Map<string, ApiObject>()
    for (const { of } of KINDS)
      for (const object of (await this.#cluster.client.list<ApiObject>(of)).items)
        living.set(object.metadata.uid ?? '', object)
    for (const made of this.#made) {
      const object = living.get(uidOf(made))
      const dangling = (object?.metadata.ownerReferences ?? []).filter(({ uid }) => !living.has(uid))
      expect(dangling, `owners of ${nameOf(made)} that are gone`).toEqual([])
      if (made.deletions.length > 0) expect(object, `${nameOf(made)}, which was deleted`).toBeUndefined()
      else if (this.#mustStay(made, living)) expect(object, `${nameOf(made)}, which may stay`).toBeDefined()
    }
  }

  /** Nobody deleted it: it stays without owners, with a living one, and when all its owners released it. */
  #mustStay({ owners }: Made, living: ReadonlyMap<string, ApiObject>): boolean {
    return [...owners.keys()].some((uid) => living.has(uid)) || [...owners].every((entry) => this.#hasReleased(entry))
  }

  /** As upstream's, the collector releases what it knows of: the reference was seen before the owner's deletion began. */
  #hasReleased([uid, since]: [string, number]): boolean {
    const deletions = this.#made.find((made) => uidOf(made) === uid)?.deletions ?? []
    const [first, ...later] = deletions
    return first?.policy === 'Orphan' && !first.wasGoing && later.length === 0 && first.settlings > since
  }

  async #act(step: Happening): Promise<void> {
    switch (step.does) {
      case 'create':
        return await this.#create(step)
      case 'own':
        return await this.#own(step)
      case 'delete':
        return await this.#delete(step)
      case 'hold':
        return this.#api.hold(kindOf(step.kind).of)
      case 'fail': {
        const faults = [...step.faults]
        this.#api.fault = () => faults.shift() ?? 'none'
        return
      }
      case 'cut':
        return this.#api.cutWatches()
      case 'forget':
        return this.#api.forgetWatches()
      case 'restart':
        return await this.#restart()
      case 'release':
        return this.#api.releaseAll()
      case 'settle':
        return await this.settle()
    }
  }

  async #create({ kind, name, owners }: Happening & { does: 'create' }): Promise<void> {
    const { of, ...fields } = kindOf(kind)
    const namespaced = of !== NODES
    const picked = new Map(
      owners.flatMap(({ pick: number, blocks }) => {
        const owner = this.#pick(number)
        if (owner === undefined || (!namespaced && owner.of !== NODES)) return []
        return [[uidOf(owner), referenceTo(owner, blocks)]]
      }),
    )
    const ownerReferences = [...picked.values()]
    const place = namespaced ? { namespace: 'default' } : {}
    const body = { ...fields, metadata: { ...place, name: `name-${name}`, ownerReferences } }
    const object = await ignoring('AlreadyExists', this.#cluster.client.create<ApiObject>(of, body))
    if (object === undefined) return
    const known = new Map([...picked.keys()].map((uid) => [uid, this.#settlings]))
    this.#made.push({ of, object, owners: known, deletions: [] })
  }

  async #own({ pick: number, owner: { pick: ownerNumber, blocks } }: Happening & { does: 'own' }): Promise<void> {
    const [made, owner] = [this.#pick(number), this.#pick(ownerNumber)]
    if (made === undefined || owner === undefined || (made.of === NODES && owner.of !== NODES)) return
    const patch = { metadata: { uid: uidOf(made), ownerReferences: [referenceTo(owner, blocks)] } }
    const patching = this.#cluster.client.patch<ApiObject>(made.of, addressOf(made), MERGE, patch)
    const owned = await ignoring('NotFound', ignoring('Conflict', patching))
    // What is going already, a pod in its grace, is beyond saving.
    if (owned === undefined || owned.metadata.deletionTimestamp !== undefined) return
    made.owners.set(uidOf(owner), this.#settlings)
  }

  async #delete({ pick: number, policy }: Happening & { does: 'delete' }): Promise<void> {
    const made = this.#pick(number)
    if (made === undefined) return
    const { client } = this.#cluster
    const before = await ignoring('NotFound', client.get<ApiObject>(made.of, addressOf(made)))
    if (before?.metadata.uid !== uidOf(made)) return
    const wasGoing = before.metadata.deletionTimestamp !== undefined
    const preconditions = { uid: uidOf(made) }
    await client.delete(made.of, addressOf(made), { propagationPolicy: policy, preconditions })
    made.deletions.push({ policy, settlings: this.#settlings, wasGoing })
  }

  #pick(number: number): Made | undefined {
    return this.#made[number % Math.max(1, this.#made.length)]
  }

  #startRestartable({ client, clock }: ControllerContext): Disposable {
    const begin = (): Disposable[] => {
      const context = testControllerContext(client, clock)
      return [context, startGarbageCollector(context)]
    }
    let running = begin()
    const end = async (): Promise<void> => {
      for (const one of running.toReversed()) await one.dispose()
    }
    this.#restart = async () => {
      await end()
      running = begin()
    }
    return toDisposable(end)
  }
}

function kindOf(number: number): (typeof KINDS)[number] {
  return KINDS[number % KINDS.length] ?? KINDS[0]
}

function uidOf({ object }: Made): string {
  return object.metadata.uid ?? ''
}

function nameOf({ object }: Made): string {
  return `${object.kind} ${object.metadata.name}`
}

function addressOf({ object }: Made): { namespace: string; name: string } {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' }
}

function referenceTo({ object }: Made, blockOwnerDeletion: boolean) {
  const { apiVersion, kind, metadata } = object
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '', blockOwnerDeletion }
}

async function ignoring<Answer>(
  reason: 'AlreadyExists' | 'NotFound' | 'Conflict',
  work: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await work
  } catch (error) {
    if (hasReason(error, reason)) return undefined
    throw error
  }
}

describe('the garbage collector', () => {
  it('given random owners and deletions on a server that fails, when it settles, then the right things are left', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        await using ownership = new Ownership()
        for (const step of steps) await ownership.take(step)
        await ownership.settle()
        await ownership.check()
      }),
      { numRuns: HISTORIES, seed: SEED },
    )
  }, 600_000)
})
