/** What helps when something is wrong: a doctor that clears up after a killed one, logs without secrets, and a reset. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { DoctorCheck } from '../../src-main/common/doctor/doctor-report.ts'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { countObjects, engineApi } from '../support/engine-api.ts'
import { run } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new ControlPlaneLab('support')
const PASSWORD = 'correct-horse-battery'

beforeAll(() => lab.up('--nodes', '1'))
afterAll(() => lab.dispose())

/** The command line without `--lab`. */
function program(...words: string[]): ReturnType<typeof run> {
  return run(process.execPath, [lab.program, ...words], lab.environment)
}

interface Helper {
  Id: string
}

/** Helpers that a process of that id has made. */
async function helpersOf(pid: number): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['io.node-lab.role=helper', 'io.node-lab.process'] }))
  const all = await engineApi<(Helper & { Labels: Record<string, string> })[]>(
    'GET',
    `/containers/json?all=1&filters=${filters}`,
  )
  return all.filter(({ Labels }) => Labels['io.node-lab.process']?.startsWith(`${pid} `)).map(({ Id }) => Id)
}

describe('doctor', () => {
  it('given one that was killed in the middle, when the next one runs, then what it left is gone and all is well', async () => {
    const doctor = spawn(process.execPath, [lab.program, 'doctor'], {
      env: { ...process.env, ...lab.environment },
      stdio: 'ignore',
    })
    const { pid } = doctor
    if (pid === undefined) throw new Error('the doctor did not start')
    const ended = new Promise((resolve) => doctor.once('close', resolve))
    await waitUntil({ what: 'a helper of the doctor', timeoutSeconds: 60, intervalMs: 5 }, async () =>
      (await helpersOf(pid)).length > 0 ? true : undefined,
    )
    doctor.kill('SIGKILL')
    await ended
    const next = await program('doctor', '--json')
    expect(await helpersOf(pid)).toEqual([])
    const checks = JSON.parse(next.stdout) as DoctorCheck[]
    expect(checks.filter(({ id, ok }) => !ok && id !== 'inotify-limits' && id !== 'disk')).toEqual([])
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['home', 'engine', 'images', 'leavings']))
  })
})

describe('collect-logs', () => {
  it('given a cluster with a Secret, when its logs are collected, then no key, token or password of it is among them', async () => {
    await lab.kubectlOk(['create', 'secret', 'generic', 'door', `--from-literal=password=${PASSWORD}`])
    const file = join(lab.home, 'logs.tar.gz')
    const collected = await program('collect-logs', file)
    expect(collected).toMatchObject({ exitCode: 0, stdout: `${file}\n` })
    const text = gunzipSync(readFileSync(file)).toString('utf8')
    for (const part of ['doctor.txt', 'lab.yaml', 'kubelet.log', 'kube-system/kube-apiserver', 'kube-system/etcd'])
      expect(text.includes(part), part).toBe(true)
    expect(text.includes('Successfully registered node')).toBe(true)
    const secrets = [PASSWORD, Buffer.from(PASSWORD).toString('base64'), ...readKeys(), ...readCredentials()]
    expect(secrets.length).toBeGreaterThan(5)
    for (const secret of secrets) expect(text.includes(secret), secret.slice(0, 12)).toBe(false)
    expect(/BEGIN [A-Z ]*PRIVATE KEY/.test(text)).toBe(false)
  })
})

describe('reset', () => {
  it('given a lab and settings, when it is only asked what a reset does, then it says so and nothing goes', async () => {
    await program('settings', 'set', 'theme', 'dark')
    const asked = await program('reset', '--dry-run')
    const [removes = '', stays = ''] = asked.stdout.split('This stays:')
    expect(removes).toContain(`lab ${lab.name}: 2 nodes`)
    expect(removes).toContain('settings.json')
    expect(stays).toContain('images of Node Lab')
    expect((await program('reset')).exitCode).toBe(2)
    expect(await countObjects('container', lab.label)).toBeGreaterThan(0)
  })

  it('given a reset that is killed in the middle, when it is said again, then nothing of the lab is left and images are', async () => {
    const images = await countImages()
    const first = spawn(process.execPath, [lab.program, 'reset', '--yes'], {
      env: { ...process.env, ...lab.environment },
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => first.once('close', resolve))
    const before = await countObjects('container', lab.label)
    await waitUntil({ what: 'the first container to go', timeoutSeconds: 60, intervalMs: 10 }, async () =>
      (await countObjects('container', lab.label)) < before ? true : undefined,
    )
    first.kill('SIGKILL')
    await ended
    const again = await program('reset', '--yes')
    expect(again.exitCode, again.stderr).toBe(0)
    for (const kind of ['container', 'volume', 'network'] as const)
      expect(await countObjects(kind, lab.label), kind).toBe(0)
    expect(existsSync(join(lab.home, 'labs', lab.name))).toBe(false)
    expect(existsSync(join(lab.home, 'settings.json'))).toBe(false)
    expect(await countImages()).toBe(images)
  })
})

/** A line out of the middle of each private key of the cluster. */
function readKeys(): string[] {
  const folder = join(lab.home, 'labs', lab.name, 'pki')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.key'))
  return names.map((name) => readFileSync(join(folder, name), 'utf8').split('\n')[1] ?? name)
}

/** What the kubeconfig proves its user with. */
function readCredentials(): string[] {
  const { users } = parse(readFileSync(lab.kubeconfig, 'utf8')) as { users: { user: Record<string, string> }[] }
  return users.flatMap(({ user }) => Object.values(user))
}

async function countImages(): Promise<number> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['io.node-lab.image-inputs'] }))
  return (await engineApi<unknown[]>('GET', `/images/json?filters=${filters}`)).length
}
