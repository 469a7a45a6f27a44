import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { ExperimentStep } from '../../common/experiments/experiment.ts'
import type { ComparisonState, ExperimentResult } from '../../common/experiments/experiment-run.ts'
import { CONFIG_MAPS, DAEMON_SETS, DEPLOYMENTS, NAMESPACES, NODES } from '../../kube/resources.ts'
import { forbidden } from '../../kube/status-error.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import type { LabManager } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { FakeNodeEngine } from '../testing/fake-node-files.ts'
import { FakeSides } from '../testing/fake-sides.ts'
import { TestHome } from '../testing/test-home.ts'
import { createExperimentService } from './create-experiment-service.ts'
import type { ExperimentService } from './experiment-service.ts'
import { writeJournal, type RestoreJournal } from './restore-journal.ts'

const text = { en: 'words', ko: '말' }
const SCHEDULER = { act: 'stop-component', component: 'kube-scheduler', text } as const
const CORDON = { act: 'cordon', text } as const
const FOR_EVER = { wait: 'now.apiServer == "away"', atMostSeconds: 600, text }
const DAEMON_SET = { namespace: 'compare', name: 'agent' }
const WORKERS = ['node01', 'node02']

let home: TestHome
let api: MemoryApi
let manager: LabManager
let service: ExperimentService
let ended: ExperimentResult[]
let told: ComparisonState[]

beforeEach(async () => {
  home = new TestHome(new FakeNodeEngine())
  api = new MemoryApi(() => Date.now())
  const openCluster = () => ({ ...api.client(), dispose: () => undefined })
  home.openCluster = openCluster
  manager = await home.manager()
  await manager.up('t', { nodes: 2, controlPlane: true })
  await api.client().create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  for (const name of WORKERS) await api.client().create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name } })
  const folder = path.join(home.folder, 'experiments')
  service = createExperimentService({
    labManager: manager,
    clock: systemClock(),
    logger: silentLogger,
    folder,
    openCluster,
    openSides: () => new FakeSides(WORKERS),
  })
  ended = []
  told = []
  service.subscribe({
    onExperimentEnded: (result) => ended.push(result),
    onComparisonChanged: (state) => told.push(state),
  })
})
afterEach(async () => {
  await service.dispose()
  await home.dispose()
})

/** The only experiment there is. */
function anExperiment(...steps: ExperimentStep[]): void {
  const folder = path.join(home.folder, 'experiments')
  mkdirSync(folder, { recursive: true })
  const runs = {
    value: 'size(now.pods) == 2',
    evidence: 'dyn(now.pods) + actions',
    expected: { static: true },
    source: 'facts 1',
  }
  const experiment = {
    ...{ title: text, question: text, explanation: text, seconds: 1, workers: 2, steps },
    hypotheses: [{ name: 'both-run', text, holds: 'static.runs && daemonSet.runs' }],
    observations: [{ name: 'runs', text, ...runs, row: 'a-row' }],
  }
  writeFileSync(path.join(folder, 'try.yaml'), stringify(experiment))
  writeFileSync(
    path.join(folder, 'table.yaml'),
    stringify({ experiments: ['try'], rows: [{ name: 'a-row', title: text }] }),
  )
}

const layout = (): HomeLayout => new HomeLayout(home.folder)
const agentFile = (node: string): string => path.join(layout().manifests('t', node), 'compare-agent.yaml')
const journalFile = (): string => path.join(layout().experiments('t'), 'journal.json')
const isCordoned = (): unknown =>
  (api.peek(NODES, { name: 'node02' })['spec'] as { unschedulable?: boolean } | undefined)?.unschedulable
const namespaces = (): unknown[] => api.peekAll(NAMESPACES).map(({ metadata }) => metadata.name)

async function schedulerState(): Promise<string | undefined> {
  return (await manager.components('t')).find(({ component }) => component === 'kube-scheduler')?.state
}

async function expectLabAsBefore(): Promise<void> {
  expect(await schedulerState()).toBe('placed')
  expect(isCordoned()).toBeUndefined()
  expect(namespaces()).toEqual(['default'])
  expect(WORKERS.filter((node) => existsSync(agentFile(node)))).toEqual([])
  expect(existsSync(journalFile())).toBe(false)
}

/** In the lab and in the API server, as a kubelet registers itself. */
async function addNode(name: string, options?: { addedBy: string }): Promise<void> {
  await manager.addNode('t', name, options)
  await api.client().create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name } })
}

/** Workers that the lab and the API server agree on. */
async function nodesOf(): Promise<unknown[]> {
  const known = new Set(api.peekAll(NODES).map(({ metadata }) => metadata.name))
  const { nodes } = await manager.labStatus('t')
  return nodes.filter(({ name, role }) => role === 'worker' && known.has(name)).map(({ name }) => name)
}

/** Cancels the experiment's task when the step has begun. */
function cancelAt(index: number): void {
  service.subscribe({
    onComparisonChanged: ({ run }) => {
      if (run?.state === 'running' && run.step === index) manager.cancelTask(run.task)
    },
  })
}

it('given an experiment that waits, when its lab is deleted, then it ends at once, and nothing of the lab comes back', async () => {
  anExperiment(SCHEDULER, FOR_EVER)
  service.subscribe({
    onComparisonChanged: ({ run }) => {
      if (run?.state === 'running' && run.step === 1) void manager.delete('t')
    },
  })
  await service.run('t', 'try').catch((error: unknown) => error)
  expect(existsSync(layout().labFolder('t'))).toBe(false)
})

describe('given a lab without agents', () => {
  it('when an experiment has run, then its changes are undone from behind, and its answers are kept', async () => {
    anExperiment(SCHEDULER, CORDON)
    const result = await service.run('t', 'try', { hypothesis: 'both-run' })
    expect(result).toMatchObject({ outcome: 'finished', hypothesis: { name: 'both-run', held: true } })
    expect(result.stepTimes).toHaveLength(2)
    expect(result.sides.map(({ side, observed }) => [side, observed[0]?.verdict])).toEqual([
      ['static', 'as-expected'],
      ['daemonSet', 'observed'],
    ])
    const kinds = (await manager.actions('t')).map(({ kind }) => kind)
    expect(kinds.slice(1)).toEqual([
      'ManifestAdded',
      'ManifestAdded',
      'ComponentStopped',
      'NodeCordoned',
      'NodeUncordoned',
      'ComponentStarted',
      'ManifestRemoved',
      'ManifestRemoved',
    ])
    await expectLabAsBefore()
    expect(await service.results('t')).toEqual([result])
    expect(ended).toEqual([result])
    expect(told.map(({ run }) => run?.state ?? 'none')).toEqual([
      'setting-up',
      'running',
      'running',
      'restoring',
      'none',
    ])
  })

  it('when it is cancelled in the middle, then the lab is as before, and the task says so', async () => {
    anExperiment(SCHEDULER, CORDON, FOR_EVER)
    cancelAt(2)
    expect(await service.run('t', 'try')).toMatchObject({ outcome: 'cancelled', sides: [] })
    expect(manager.tasks().at(-1)).toMatchObject({ name: 'experiment', state: 'cancelled' })
    await expectLabAsBefore()
  })

  it('when a step waits in vain, then it goes on, and the evidence says so of each side', async () => {
    anExperiment({ ...FOR_EVER, atMostSeconds: 1 })
    const { outcome, sides } = await service.run('t', 'try')
    expect(outcome).toBe('finished')
    const inVain = sides.map(({ observed }) => observed[0]?.evidence.filter((one) => one.kind === 'action'))
    const said = { kind: 'action', act: 'wait', ok: false, message: 'not within 1 s: words' }
    expect(inVain).toEqual([[expect.objectContaining(said)], [expect.objectContaining(said)]])
  })

  it('when somebody is quicker with the name of a node that it adds, then it fails, and their node stays', async () => {
    anExperiment({ act: 'add-node', text })
    const add = manager.addNode.bind(manager)
    manager.addNode = async (lab, name, options) => {
      await add(lab, name)
      return add(lab, name, options)
    }
    expect(await service.run('t', 'try')).toMatchObject({ outcome: 'failed', message: expect.stringMatching(/node03/) })
    expect((await manager.labStatus('t')).nodes.map(({ name }) => name)).toContain('node03')
    await expectLabAsBefore()
  })

  it('when a step fails in the middle, then it says why, and the lab is as before', async () => {
    anExperiment(CORDON, SCHEDULER, SCHEDULER)
    const result = await service.run('t', 'try')
    expect(result).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/kube-scheduler is stopped already/),
    })
    await expectLabAsBefore()
  })

  it('when a component was stopped and the node cordoned before, then cordoning it says so, and both stay so', async () => {
    await manager.stopComponent('t', 'kube-scheduler')
    await manager.setSchedulable({ lab: 't', node: 'node02' }, false)
    anExperiment(CORDON)
    expect(await service.run('t', 'try')).toMatchObject({ outcome: 'failed', message: 'node02 is cordoned already' })
    expect([await schedulerState(), isCordoned()]).toEqual(['aside', true])
  })

  it('when another one is asked for while one runs, then it is refused, and so is setting up', async () => {
    anExperiment(FOR_EVER)
    const run = await service.start('t', 'try')
    expect(run).toMatchObject({ state: 'setting-up', target: 'node02', sides: ['static', 'daemonSet'] })
    await expect(service.run('t', 'try')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(service.setUp('t', { deployment: false })).rejects.toMatchObject({ kind: 'Conflict' })
    expect((await service.state('t')).run?.id).toBe(run.id)
    await service.dispose()
    expect(await service.results('t')).toMatchObject([{ id: run.id, outcome: 'cancelled' }])
    await expectLabAsBefore()
  })

  it.each([
    ['an experiment', 'none', {}, 'NotFound'],
    ['a hypothesis', 'try', { hypothesis: 'none' }, 'BadRequest'],
  ])('when %s is asked for that there is not, then nothing begins', async (_what, name, options, kind) => {
    anExperiment(CORDON)
    await expect(service.run('t', name, options)).rejects.toMatchObject({ kind })
    expect(manager.tasks().map((task) => task.name)).not.toContain('experiment')
    expect(ended).toEqual([])
  })
})

describe('given a namespace of that name with something of a learner', () => {
  const MINE = { namespace: 'compare', name: 'mine' }

  beforeEach(async () => {
    await api.client().create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'compare' } })
    await api.client().create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: MINE })
  })

  it('when the agents are set up and removed, then it stays with what is in it, and the agents go', async () => {
    await service.setUp('t', { deployment: true })
    expect(await service.remove('t')).toMatchObject({ state: 'absent' })
    expect(namespaces()).toEqual(['default', 'compare'])
    expect(api.peekAll(CONFIG_MAPS).map(({ metadata }) => metadata.name)).toEqual(['mine'])
    expect([...api.peekAll(DAEMON_SETS), ...api.peekAll(DEPLOYMENTS)]).toEqual([])
  })

  it("when a DaemonSet of that name is the learner's own, then nothing is set up, and it stays", async () => {
    await api.client().create(DAEMON_SETS, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: DAEMON_SET })
    await expect(service.setUp('t', { deployment: false })).rejects.toMatchObject({ kind: 'Conflict' })
    await service.remove('t')
    expect(api.peekAll(DAEMON_SETS)).toHaveLength(1)
  })
})

describe('given agents that somebody has set up and changed', () => {
  const OWN = '# A word of the learner.\napiVersion: v1\nkind: Pod\n'

  it('when an experiment edits and removes them, then files and templates are as before', async () => {
    anExperiment({ act: 'edit', edition: 'second', text }, { act: 'remove-definition', text })
    expect(await service.setUp('t', { deployment: false })).toMatchObject({ state: 'installed' })
    writeFileSync(agentFile('node01'), OWN)
    api.poke(DAEMON_SETS, DAEMON_SET, { spec: { minReadySeconds: 7 } })
    const before = api.peek(DAEMON_SETS, DAEMON_SET)['spec']
    expect(await service.run('t', 'try')).toMatchObject({ outcome: 'finished' })
    expect(readFileSync(agentFile('node01'), 'utf8')).toBe(OWN)
    expect(api.peek(DAEMON_SETS, DAEMON_SET)['spec']).toEqual(before)
    expect(await service.state('t')).toMatchObject({ state: 'installed', sides: ['static', 'daemonSet'] })
  })
})

describe('given a process that died in the middle of an experiment', () => {
  const ID = '20260101T000000000Z-try'

  async function dieInTheMiddle(undos: RestoreJournal['undos']): Promise<void> {
    await manager.stopComponent('t', 'kube-scheduler')
    await manager.setSchedulable({ lab: 't', node: 'node02' }, false)
    const startedAt = '2026-01-01T00:00:00.000Z'
    await writeJournal(layout(), 't', { id: ID, experiment: 'try', startedAt, undos })
    const { pid } = spawnSync('true')
    writeFileSync(layout().experimentLock('t'), JSON.stringify({ pid, started: '', id: 'dead' }))
  }

  const UNDOS: RestoreJournal['undos'] = [
    { undo: 'agents', before: { hasNamespace: false, files: {} } },
    { undo: 'start-component', component: 'kube-scheduler' },
    { undo: 'uncordon', node: 'node02' },
  ]

  it('when the next one is asked how things stand, then it tells, and puts the lab back', async () => {
    await dieInTheMiddle(UNDOS)
    expect((await service.state('t')).unfinished).toMatchObject({ experiment: 'try' })
    await service.dispose()
    await expectLabAsBefore()
    expect(await service.results('t')).toMatchObject([{ id: ID, outcome: 'restored-later' }])
    expect((await service.state('t')).unfinished).toBeUndefined()
  })

  it('when the next one is asked to restore, then the lab is put back when it answers, and nothing is left to do', async () => {
    await dieInTheMiddle(UNDOS)
    const restored = await service.restore('t')
    await expectLabAsBefore()
    expect(restored).toMatchObject({ id: ID, outcome: 'restored-later' })
    expect(ended).toEqual([restored])
    expect(await service.restore('t')).toBeUndefined()
  })

  it('when the next one runs an experiment, then the lab is put back first', async () => {
    await dieInTheMiddle(UNDOS)
    anExperiment(SCHEDULER)
    expect(await service.run('t', 'try')).toMatchObject({ outcome: 'finished' })
    await expectLabAsBefore()
    expect((await service.results('t')).map(({ outcome }) => outcome)).toEqual(['finished', 'restored-later'])
  })

  it('when something cannot be put back, then the rest is, it is told, and it stays in the journal', async () => {
    await dieInTheMiddle(UNDOS)
    api.refuse = (verb, of) =>
      verb === 'PATCH' && of.resource === 'nodes' ? forbidden(of, 'node02', 'not today') : undefined
    await service.restore('t')
    expect(await schedulerState()).toBe('placed')
    expect(namespaces()).toEqual(['default'])
    const [result] = await service.results('t')
    expect(result?.notRestored).toMatch(/uncordoning node02: .*not today/)
    const left = JSON.parse(readFileSync(journalFile(), 'utf8')) as RestoreJournal
    expect(left.undos).toEqual([{ undo: 'uncordon', node: 'node02' }])
    expect((await service.state('t')).unfinished?.message).toMatch(/1 change is left/)
    anExperiment(CORDON)
    await expect(service.run('t', 'try')).rejects.toMatchObject({ kind: 'Conflict' })
    expect(JSON.parse(readFileSync(journalFile(), 'utf8'))).toMatchObject({ undos: left.undos })
  })

  it('when it had added a node, then that goes, also from the API server', async () => {
    await dieInTheMiddle([...UNDOS, { undo: 'remove-node', node: 'node03', addedBy: 'the run' }])
    await addNode('node03', { addedBy: 'the run' })
    expect(await service.restore('t')).not.toHaveProperty('notRestored')
    expect(await nodesOf()).toEqual(WORKERS)
    await expectLabAsBefore()
  })

  it('when it was about to add a node and somebody else has one of that name, then theirs stays, also in the API server', async () => {
    await dieInTheMiddle([...UNDOS, { undo: 'remove-node', node: 'node03', addedBy: 'the run' }])
    await addNode('node03')
    expect(await service.restore('t')).not.toHaveProperty('notRestored')
    expect(await nodesOf()).toEqual([...WORKERS, 'node03'])
    await expectLabAsBefore()
  })

  it.each([
    ['has gone, then nothing is left to put back', WORKERS],
    ['is there, then it stays, since it may be somebody’s', [...WORKERS, 'node03']],
  ])('when its version did not note whose a node is, and the node %s', async (_what, nodes) => {
    await dieInTheMiddle([...UNDOS, { undo: 'remove-node', node: 'node03' }])
    if (nodes.length > WORKERS.length) await addNode('node03')
    expect(await service.restore('t')).not.toHaveProperty('notRestored')
    expect(await nodesOf()).toEqual(nodes)
    await expectLabAsBefore()
  })

  it('when a node has gone meanwhile, then nothing of it is left to put back', async () => {
    await dieInTheMiddle([...UNDOS, { undo: 'power-on', node: 'node09' }, { undo: 'start-kubelet', node: 'node09' }])
    expect(await service.restore('t')).not.toHaveProperty('notRestored')
    await expectLabAsBefore()
  })
})
