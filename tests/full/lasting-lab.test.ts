/**
 * A lab that lasts: three nodes with thirty pods go through everything that a week brings, and are as before each time
 * (docs/lasting-labs.md). On an engine of its own, whose disk and whose home's disk are small.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../../scripts/support/build-app.ts'
import { BridgeClient } from '../support/bridge-client.ts'
import type { LastingSnapshot } from '../support/lasting/lasting-snapshot.ts'
import { LastingScene } from '../support/lasting/lasting-scene.ts'
import { pruneEverything } from '../support/lasting/prune.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { waitUntil } from '../support/wait-until.ts'

const LIVE_RESTORE = { 'live-restore': true }
/** A command line takes most of a second to start; these are before, in and after its work. */
const KILL_AFTER_MS = [300, 700, 1000, 1400, 2000, 3000]
/** Few, so that the node has few pods more, and each file is written over many times. */
const FILES_OF_THE_APP = 4
const KIBIBYTE = 1024

let scene: LastingScene
/** The last look at a lab that was as it should be. */
let before: LastingSnapshot

beforeAll(async () => {
  scene = await LastingScene.create('lasting')
  before = await scene.whole()
}, 900_000)

afterAll(() => scene.dispose())

describe('given three nodes with thirty pods', () => {
  // What one fault has broken must not fail the others, too.
  beforeEach(async ({ task }) => {
    const failed = task.suite?.tasks.some(({ result }) => result?.state === 'fail')
    if (failed === true) before = await scene.lab.cli('up').then(() => scene.whole())
  }, 900_000)

  it('when the engine is restarted with live-restore, then everything has run on', async () => {
    await scene.engine.reload(LIVE_RESTORE)
    await scene.engine.stop()
    await scene.engine.start(LIVE_RESTORE)
    await scene.engine.reload({ 'live-restore': false })
    before = await scene.expectAsBefore(before, { ended: 'never' })
  })

  it('when the engine is restarted, then all is back by itself', async () => {
    await scene.engine.stop()
    await scene.engine.start()
    before = await scene.expectAsBefore(before, { ended: 'once' })
  })

  it('when the engine is killed with -9 and started, then all is back by itself', async () => {
    await scene.engine.kill()
    await scene.engine.start()
    before = await scene.expectAsBefore(before, { ended: 'once' })
  })

  it('when the machine loses its power and the lab is brought up, then all is back', async () => {
    await scene.engine.reboot()
    await scene.engine.start()
    await scene.lab.ok('up')
    before = await scene.expectAsBefore(before, { ended: 'once' })
  })

  it('when the command line is killed with -9 at any moment of its work, then each file is whole or not there, and nothing else is left', async () => {
    const manifest = shellManifest('coming', RUN_FOREVER)
    const file = join(scene.lab.home, 'coming.yaml')
    await writeFile(file, manifest)
    for (const words of [['apply', file, 'node02'], ['remove', 'node02', 'coming.yaml'], ['up']])
      for (const ms of KILL_AFTER_MS) {
        await killAfter(ms, ...words)
        const found = await readFile(join(scene.folderOf('node02'), 'coming.yaml'), 'utf8').catch(() => undefined)
        expect([undefined, manifest]).toContain(found)
      }
    await scene.lab.cli('remove', 'node02', 'coming.yaml')
    await scene.lab.ok('up')
    before = await scene.expectAsBefore(before, { ended: 'never' })
  })

  it('when the app is killed with -9 while it changes files, then what it had acknowledged is there', async () => {
    await buildApp(() => undefined)
    for (const ms of KILL_AFTER_MS) {
      const written = await changeFilesUntilKilled(ms)
      for (const [name, { acknowledged, asked }] of written) {
        const found = await readFile(join(scene.folderOf('node03'), name), 'utf8').catch(() => undefined)
        expect([acknowledged, asked], `${name}, ${ms} ms after the first change was asked for`).toContain(found)
      }
      for (const name of await readdir(scene.folderOf('node03')))
        if (name.startsWith('app-')) await scene.lab.ok('remove', 'node03', name)
    }
    before = await scene.expectAsBefore(before, { ended: 'never' })
  })

  it('when somebody prunes the engine while the lab runs, then nothing that runs is touched', async () => {
    await pruneEverything()
    before = await scene.expectAsBefore(before, { ended: 'never', forgotten: true })
  })

  it('when somebody prunes the engine while the lab is down, then up makes it anew with all that was on its disks', async () => {
    await scene.lab.ok('down')
    await pruneEverything()
    await scene.lab.ok('up')
    before = await scene.expectAsBefore(before, { ended: 'at least once', forgotten: true })
  })

  it('when the disk of the home is full, then a manifest is refused in words, none is left by half, and all goes on when there is room', async () => {
    await scene.homeDisk.fill()
    const file = join('/tmp', `${scene.lab.name}.yaml`)
    await writeFile(file, shellManifest('large', `: ${'x'.repeat(64 * KIBIBYTE)}; ${RUN_FOREVER}`))
    const refused = await scene.lab.cli('apply', file, 'node01', '--name', 'large.yaml')
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toMatch(/no space is left on disk/)
    expect((await readdir(scene.folderOf('node01'))).filter((name) => name.includes('large'))).toEqual([])
    expect((await readdir(scene.folderOf('node01'))).filter((name) => name.startsWith('.'))).toEqual([])
    await scene.homeDisk.free()
    await scene.lab.ok('apply', file, 'node01', '--name', 'large.yaml')
    await scene.lab.waitForRunning('large-node01')
    await scene.lab.ok('remove', 'node01', 'large.yaml')
    before = await scene.expectAsBefore(before, { ended: 'never' })
  })

  it('when the disk of the engine is full and freed, then a pod that came meanwhile runs, and all is as before', async () => {
    await scene.dataDisk.fill()
    try {
      await scene.drop('meanwhile.yaml', shellManifest('meanwhile', RUN_FOREVER), 'node01')
      const what = 'the kubelet to say that there is no room'
      await waitUntil({ what, timeoutSeconds: 180, intervalMs: 1000 }, async () => {
        const told = (await scene.lab.timeline()).filter(({ pod }) => pod?.name === 'meanwhile-node01')
        if (told.some(({ message }) => /no space left/i.test(message))) return true
        throw new Error(JSON.stringify(told.slice(-3)))
      })
    } finally {
      await scene.dataDisk.free()
    }
    await scene.lab.waitForRunning('meanwhile-node01', 0)
    await scene.lab.ok('remove', 'node01', 'meanwhile.yaml')
    await scene.lab.waitForGone('meanwhile-node01')
    before = await scene.expectAsBefore(before, { ended: 'never' })
    // What was not written then has to be known after a restart, too.
    await scene.lab.ok('node', 'restart-kubelet', 'node01')
    before = await scene.expectAsBefore(before, { ended: 'never' })
  })

  it('when a node writes as much as in a week, then its journal and its timeline are bounded, and are read in seconds', async () => {
    const week = 'for i in $(seq 3000); do echo "kind: [$i" > /etc/kubernetes/manifests/broken.yaml; sleep 0.02; done'
    await scene.lab.ok('shell', 'node02', '--', 'sh', '-c', `${week}; rm /etc/kubernetes/manifests/broken.yaml`)
    const sizes = await scene.lab.ok(
      'shell',
      'node02',
      '--',
      'sh',
      '-c',
      'du -sk /var/log/journal /var/lib/kubelet/*timeline* 2> /dev/null; true',
    )
    const kilobytes = sizes
      .trim()
      .split('\n')
      .map((line) => Number(line.split('\t')[0]))
    expect(Math.max(...kilobytes), sizes).toBeLessThan(20 * KIBIBYTE)
    const startedMs = performance.now()
    await scene.lab.ok('timeline', '-o', 'json')
    await scene.lab.ok('shell', 'node02', '--', 'journalctl', '-u', 'kubelet', '-n', '100', '--no-pager')
    expect(performance.now() - startedMs).toBeLessThan(20_000)
    before = await scene.expectAsBefore(before, { ended: 'never' })
  })
})

async function killAfter(ms: number, ...words: string[]): Promise<void> {
  const child = scene.lab.start(...words)
  const ended = once(child, 'exit')
  await Promise.race([delay(ms), ended])
  child.kill('SIGKILL')
  await ended
}

/** What a file should hold: the last content that the app had acknowledged, or the one that it was asked for after that. */
interface WrittenFile {
  acknowledged: string | undefined
  asked: string
}

/** Answers by name what the app had been asked for by the moment of its death, `ms` after the first was asked for. */
async function changeFilesUntilKilled(ms: number): Promise<Map<string, WrittenFile>> {
  const app = spawn(process.execPath, [scene.lab.program, 'serve'], {
    env: { ...process.env, ...scene.lab.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(app, 'exit')
  const written = new Map<string, WrittenFile>()
  try {
    let said = ''
    app.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    const url = await waitUntil({ what: 'the app to print its address' }, () => /http:\/\/\S+/.exec(said)?.[0])
    const client = await BridgeClient.connect(url)
    const target = { lab: scene.lab.name, node: 'node03' }
    const change = async (): Promise<void> => {
      for (let count = 0; ; count += 1) {
        const pod = `app-${count % FILES_OF_THE_APP}`
        const name = `${pod}.yaml`
        const asked = `# change ${count}\n${shellManifest(pod, RUN_FOREVER)}`
        written.set(name, { acknowledged: written.get(name)?.acknowledged, asked })
        await client.call('manifest/apply', { ...target, name, content: asked, replace: true })
        written.set(name, { acknowledged: asked, asked })
      }
    }
    const changing = change().catch((error: unknown) => error)
    await delay(ms)
    app.kill('SIGKILL')
    await ended
    client.close()
    expect(String(await changing)).toContain('the bridge has closed the connection')
    return written
  } finally {
    app.kill('SIGKILL')
  }
}
