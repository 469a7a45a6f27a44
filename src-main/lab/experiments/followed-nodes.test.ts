import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { openClusterClient } from '../cluster/cluster-client.ts'
import type { LabManager } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { TestHome } from '../testing/test-home.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { FollowedNodes } from './followed-nodes.ts'

let home: TestHome
let manager: LabManager
let context: ExperimentContext

beforeEach(async () => {
  home = new TestHome()
  manager = await home.manager()
  await manager.up('t', { nodes: 2 })
  context = {
    ...{ labManager: manager, clock: systemClock(), logger: silentLogger, openCluster: openClusterClient },
    store: new LabStore(new HomeLayout(home.folder)),
  }
})
afterEach(() => home.dispose())

it('given a window that has been told the present already, when workers are followed too, then the words of their kubelets are there', async () => {
  const told = new Set<string>()
  await new Promise<void>((resolve) => {
    manager.subscribe({ onNodeChanged: ({ node }) => (told.add(node).size === 2 ? resolve() : undefined) })
  })
  const followed = new FollowedNodes(context, 't', () => undefined)
  await followed.look()
  expect(followed.nodes.map(({ node, view }) => [node, view?.node])).toEqual([
    ['node01', 'node01'],
    ['node02', 'node02'],
  ])
  await followed.dispose()
})

it('given a kubelet that does not run, when its worker is looked at, then nothing is taken for its word', async () => {
  home.channels.stoppedKubelets.add('node-lab.t.node02')
  const followed = new FollowedNodes(context, 't', () => undefined)
  await followed.look()
  expect(followed.nodes.map(({ node, view }) => [node, view === undefined])).toEqual([
    ['node01', false],
    ['node02', true],
  ])
  await followed.dispose()
})

it('given a kubelet that was pointed at another folder, when its worker is looked at, then the agent’s file is the one in there', async () => {
  home.channels.info.set('node-lab.t.node01', { staticPodPath: '/srv/pods' })
  const file = AGENT_NAMES.staticFile
  await manager.applyManifest({ lab: 't', node: 'node01' }, file, 'of the moved folder')
  writeFileSync(path.join(await manager.manifestsPath({ lab: 't', node: 'node01' }), file), 'nobody reads this')
  const followed = new FollowedNodes(context, 't', () => undefined)
  await followed.look()
  expect(followed.nodes.map(({ node, file: content }) => [node, content])).toEqual([
    ['node01', 'of the moved folder'],
    ['node02', undefined],
  ])
  await followed.dispose()
})
