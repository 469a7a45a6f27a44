/** The cases of a world as tests, in one lab: those that nobody else notices at the same time, the others one by one. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { titleOf } from '../cri-case.ts'
import { compareCase } from '../recorded/compare-case.ts'
import { expectationOf } from '../recorded/recorded-case.ts'
import { CLUSTER_KINDS, type ClusterCase, type ClusterWorldName } from './cluster-case.ts'
import { CLUSTER_CASES } from './cluster-cases.ts'
import { ClusterLab } from './cluster-lab.ts'
import { ClusterWorld } from './cluster-world.ts'

/** @param managerFlags of kube-controller-manager. @param patienceSeconds of every wait */
export function registerClusterCases(
  worldName: ClusterWorldName,
  managerFlags: readonly string[],
  patienceSeconds: number,
): void {
  let cluster: ClusterLab | undefined
  beforeAll(async () => {
    cluster = await ClusterLab.start('cluster', managerFlags)
  })
  afterAll(() => cluster?.dispose())

  const run = async (id: string, one: ClusterCase): Promise<void> => {
    if (cluster === undefined) throw new Error('the lab could not be started')
    const world = new ClusterWorld(cluster, `case-${id}`, patienceSeconds)
    try {
      await world.open()
      const own = await one.steps(world)
      const findings = { ...world.findings, ...own }
      const observed = { isReal: true, lines: (kind: (typeof CLUSTER_KINDS)[number]) => world.lines(kind) }
      compareCase(expectationOf(one, CLUSTER_KINDS), CLUSTER_KINDS, { ...observed, findings })
    } finally {
      await world.dispose()
    }
  }

  const shown = CLUSTER_CASES.flatMap(({ cases }) => cases).filter(({ case: one }) => one.worlds.includes(worldName))
  for (const alone of [false, true]) {
    const group = shown.filter(({ case: each }) => (each.alone === true) === alone)
    if (group.length === 0) continue
    describe(alone ? 'one at a time' : 'at the same time', { concurrent: !alone }, () => {
      for (const { id, case: one } of group)
        it([titleOf(one), ...(one.differs ?? []).map(({ reason }) => ` (differs: ${reason})`)].join(''), () =>
          run(id, one),
        )
    })
  }
  if (shown.length === 0) throw new Error(`no case is shown in the world ${worldName}`)
}
