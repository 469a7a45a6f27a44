/**
 * A machine with nothing but an engine and a bundle: no network, no Debian, no images, no downloads of earlier runs, a fresh
 * copy of the sources with node_modules alone. It gets a lab.
 */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PodList } from '../../src-main/common/api/core.ts'
import { RUN_FOREVER, shellManifest, webManifest } from '../support/manifests.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'
import { run } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const PRODUCT = join(import.meta.dirname, '../..')
const CLI = 'src-main/shell/cli/main.ts'
const LAB = `offline-${process.pid.toString(36)}`
/**
 * Hides what this machine has downloaded, writes its process id into the file of its first word, and becomes the program of the
 * rest.
 */
const WITHOUT_DOWNLOADS = `
mkdir -p /var/lib/node-lab/cache
mount -t tmpfs node-lab /var/lib/node-lab/cache
echo $$ >"$1"
shift
exec "$@"
`

let engine: PrivateEngine
let folder: string
let bundle: string
let sha256: string

beforeAll(async () => {
  folder = mkdtempSync('/tmp/node-lab-offline-')
  bundle = join(folder, 'images.tar')
  const exported = await run(process.execPath, [join(PRODUCT, CLI), 'images', 'export', bundle])
  expect(exported).toMatchObject({ exitCode: 0 })
  sha256 = /sha256 ([0-9a-f]{64})/.exec(exported.stdout)?.[1] ?? ''
  copySources(join(folder, 'clone'))
  engine = await PrivateEngine.create('offline')
  await engine.start()
}, 600_000)

afterAll(async () => {
  await engine?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** What git would clone, as it is now. */
function copySources(target: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: PRODUCT })
  for (const path of new Set(listed.toString().split('\0'))) {
    const source = join(PRODUCT, path)
    const stats = path === '' || path === 'node_modules' ? undefined : lstatSync(source, { throwIfNoEntry: false })
    if (stats === undefined) continue
    mkdirSync(dirname(join(target, path)), { recursive: true })
    if (stats.isSymbolicLink()) execFileSync('cp', ['--no-dereference', source, join(target, path)])
    else copyFileSync(source, join(target, path))
  }
  symlinkSync(join(PRODUCT, 'node_modules'), join(target, 'node_modules'))
}

/** Where the process id of the latest command of that kind is, such as `images import`. */
function pidFile([group = '', command = '']: string[]): string {
  return join(folder, `${group}-${command.replaceAll(/\W/g, '')}.pid`)
}

/** `node-lab WORDS` of the fresh copy, on the machine without a network. */
async function nodeLab(...words: string[]): Promise<{ exitCode: number; output: string }> {
  const environment = [`DOCKER_HOST=${engine.endpoint}`, `NODE_LAB_HOME=${join(folder, 'home')}`]
  const program = [process.execPath, join(folder, 'clone', CLI), ...words]
  const shell = ['--mount', 'sh', '-ec', WITHOUT_DOWNLOADS, 'sh', pidFile(words), 'env', ...environment, ...program]
  return engine.runInNetwork('unshare', ...shell)
}

async function ok(...words: string[]): Promise<string> {
  const { exitCode, output } = await nodeLab(...words)
  if (exitCode !== 0) throw new Error(`node-lab ${words.join(' ')} exited with ${exitCode}: ${output}`)
  return output
}

async function images(): Promise<string> {
  return ok('images', 'list')
}

describe('given an engine without images on a machine without a network', () => {
  it('when it is looked at, then there is no way out of it, and a lab fails with the import as the remedy', async () => {
    const { output } = await engine.runInNetwork('ip', 'route')
    expect(output).not.toContain('default')
    expect(output.split('\n').filter((line) => line !== '' && !line.includes('docker0'))).toEqual([])
    const up = await nodeLab('up', '--lab', LAB, '--nodes', '1')
    expect(up.exitCode).toBe(3)
    expect(up.output).toContain('node-lab images import FILE')
  })

  it('when the bundle has one flipped bit, at its begin, in its middle or at its end, then nothing of it is loaded', async () => {
    const whole = readFileSync(bundle)
    const damaged = join(folder, 'damaged.tar')
    for (const position of [3, 700, Math.floor(whole.length / 2), whole.length - 5000, whole.length - 1]) {
      const bytes = Buffer.from(whole)
      bytes[position] = (bytes[position] ?? 0) ^ 4
      writeFileSync(damaged, bytes)
      for (const words of [['--sha256', sha256], ['--unverified']])
        expect(await nodeLab('images', 'import', damaged, ...words)).toEqual({
          exitCode: 1,
          output: expect.stringMatching(/is damaged|is no bundle|manifest is wrong/),
        })
    }
    rmSync(damaged)
    expect(await images()).toContain('None yet')
  })

  it('when the import is killed while it loads, then the next one goes on and says what was there', async () => {
    const loading = nodeLab('images', 'import', bundle, '--sha256', sha256)
    let ended = ''
    void loading.then(({ output }) => (ended = output))
    await waitUntil({ what: 'the first image to be loaded', timeoutSeconds: 240 }, async () => {
      if ((await images()).includes('node-lab.invalid/')) return true
      throw new Error(`none is there; ${ended}`)
    })
    process.kill(Number(readFileSync(pidFile(['images', 'import']), 'utf8')), 'SIGKILL')
    expect((await loading).exitCode).not.toBe(0)
    const output = await ok('images', 'import', bundle, '--sha256', sha256)
    expect(output).toMatch(/^present {2}node-lab\.invalid\/pause:/m)
    expect(output).toMatch(/^loaded {3}node-lab\.invalid\/node:/m)
  })

  it('when the bundle is imported, then a lab of two nodes runs busybox and nginx, and goes again', async () => {
    expect(await ok('up', '--lab', LAB, '--nodes', '2')).not.toMatch(/making the layer|Debian/)
    writeFileSync(join(folder, 'shell.yaml'), shellManifest('shell', RUN_FOREVER))
    writeFileSync(join(folder, 'web.yaml'), webManifest)
    await ok('apply', join(folder, 'shell.yaml'), 'node01', '--lab', LAB)
    await ok('apply', join(folder, 'web.yaml'), 'node02', '--lab', LAB)
    await waitUntil({ what: 'both pods to run', timeoutSeconds: 120, intervalMs: 500 }, async () => {
      const { items } = JSON.parse(await ok('pods', '--lab', LAB, '-o', 'json')) as PodList
      const ready = items.filter((pod) => pod.status?.containerStatuses?.every((container) => container.ready))
      if (ready.length < 2) throw new Error(JSON.stringify(items.map((pod) => pod.status)))
      return true
    })
    const page = await ok('shell', 'node02', '--lab', LAB, '--', 'sh', '-c', 'crictl ps && ip route')
    expect(page).toContain('web')
    await ok('delete', '--lab', LAB)
    expect(await ok('status')).toContain('There is no lab yet')
  })
})
