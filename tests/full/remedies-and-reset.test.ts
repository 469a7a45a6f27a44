/**
 * The doctor's remedies and the reset of everything, where nobody else's images are: on an engine and with a cache of
 * their own. They are asked for as the diagnostics page asks, over the bridge.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckId, DoctorCheck, Mend } from '../../src-main/common/doctor/doctor-report.ts'
import { computeCacheFolder } from '../../src-main/lab/images/cache-folder.ts'
import { BridgeClient } from '../support/bridge-client.ts'
import { countObjects, engineApi } from '../support/engine-api.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'
import { run, TestLab } from '../support/test-lab.ts'

const ROOT = { uid: 0, home: '/root' }
const CACHE = computeCacheFolder(process.env, ROOT)
/** Runs a program to which the folder `$1` is at the place `$2`. */
const COVERED = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'

let engine: PrivateEngine
let cache: string
let app: ChildProcess
let bridge: BridgeClient
let lab: TestLab
let other: TestLab
const endpointBefore = process.env['DOCKER_HOST']

beforeAll(async () => {
  engine = await PrivateEngine.create('remedies')
  await engine.start()
  process.env['DOCKER_HOST'] = engine.endpoint
  // The packages are there already, so that images are made without the mirror.
  cache = await engine.makeFolder('cache')
  for (const name of readdirSync(CACHE)) {
    if (/^(debian-|etcd-|layers)/.test(name)) await cp(join(CACHE, name), join(cache, name), { recursive: true })
  }
  lab = new TestLab('first', await engine.makeFolder('home'))
  other = new TestLab('other', await engine.makeFolder('other-home'))
  app = spawn('unshare', withOwnCache(process.execPath, lab.program, 'serve'), {
    env: { ...process.env, ...lab.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  bridge = await BridgeClient.connect(await printedUrl(app))
})

afterAll(async () => {
  bridge?.close()
  app?.kill()
  if (endpointBefore === undefined) delete process.env['DOCKER_HOST']
  else process.env['DOCKER_HOST'] = endpointBefore
  await engine?.dispose()
})

function withOwnCache(...command: string[]): string[] {
  return ['--mount', '--propagation', 'slave', 'sh', '-c', COVERED, 'own-cache', cache, CACHE, ...command]
}

function printedUrl(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    program.stdout?.on('data', (data: Buffer) => {
      text += data.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(text)?.[0]
      if (url !== undefined) resolve(url)
    })
    program.on('close', (code) => reject(new Error(`serve ended with ${code}: ${text}`)))
  })
}

async function check(id: CheckId, mend?: Mend): Promise<DoctorCheck | undefined> {
  const report = await (mend === undefined ? bridge.call('doctor/run', {}) : bridge.call('doctor/mend', { mend }))
  return report.checks.find((one) => one.id === id)
}

async function countImages(): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['io.node-lab.image-inputs'] }))
  return (await engineApi<unknown[]>('GET', `/images/json?filters=${filters}`)).length
}

describe('given an engine without images', () => {
  it('when the remedy is chosen, then they are made, and the doctor can look at the rest', async () => {
    expect(await check('images')).toMatchObject({ ok: false, finding: 'images-missing', mend: 'load-images' })
    expect(await check('images', 'load-images')).toMatchObject({ ok: true, finding: 'images-complete' })
    expect(await countImages()).toBeGreaterThan(5)
    expect(await check('volume-subpath')).toMatchObject({ ok: true })
    await expect(bridge.call('doctor/mend', { mend: 'load-images' })).rejects.toThrow(/Conflict/)
  })
})

describe('given labs of two homes', () => {
  beforeAll(async () => {
    await lab.ok('up', '--nodes', '1')
    await other.ok('up', '--nodes', '1')
  })

  it('when the folder of one is lost and the remedy is chosen, then its parts go, and the other home’s stay', async () => {
    renameSync(join(lab.home, 'labs', lab.name), join(cache, 'lost'))
    expect(await check('leavings')).toMatchObject({ ok: false, mend: 'remove-leavings', values: { names: lab.name } })
    const before = await countObjects('container', other.label)
    expect(await check('leavings', 'remove-leavings')).toMatchObject({ ok: true, finding: 'leavings-none' })
    for (const kind of ['container', 'volume', 'network'] as const)
      expect(await countObjects(kind, lab.label), kind).toBe(0)
    expect(await countObjects('container', other.label)).toBe(before)
  })

  it('when one home is reset with images, then those that the other uses stay, are named, and its lab runs on', async () => {
    await lab.ok('up', '--nodes', '1')
    const { labs, keptImages } = await bridge.call('reset/run', { labs: [lab.name], settings: true, images: true })
    expect(labs).toEqual([lab.name])
    expect(keptImages).toEqual(expect.arrayContaining([expect.stringMatching(/\/node:/)]))
    expect(await countImages()).toBe(keptImages.length)
    expect(existsSync(join(lab.home, 'labs', lab.name))).toBe(false)
    expect(readdirSync(cache)).toEqual([])
    expect(await other.json('status', '--json')).toMatchObject({ labs: [{ state: 'running' }] })
  })

  it('when the other one is reset with images too, then the engine has nothing of Node Lab any more', async () => {
    const words = withOwnCache(process.execPath, other.program, 'reset', '--yes', '--images')
    const reset = await run('unshare', words, other.environment)
    expect(reset.exitCode, reset.stderr).toBe(0)
    expect(reset.stdout).toContain(`removed ${other.name}`)
    expect(reset.stdout).not.toContain('In use elsewhere')
    expect(await countImages()).toBe(0)
    for (const kind of ['container', 'volume', 'network'] as const)
      expect(await countObjects(kind, 'io.node-lab.lab'), kind).toBe(0)
  })
})
