/**
 * The doctor on things that are really broken, as far as this machine can break them: an engine of the test's own, and processes
 * with mounts and networks of their own. What only another machine can have (an old engine, another processor, SELinux) is
 * claimed by a proxy in front of the engine.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock, type Clock } from '../../src-main/base/clock.ts'
import { silentLogger } from '../../src-main/base/logger.ts'
import type { CheckId, DoctorCheck } from '../../src-main/common/doctor/doctor-report.ts'
import { runDoctor } from '../../src-main/lab/doctor/run-doctor.ts'
import { createLabManager } from '../../src-main/lab/create-lab-manager.ts'
import { Doctor } from '../../src-main/lab/doctor/doctor.ts'
import { INOTIFY_LIMIT_FILE } from '../../src-main/lab/engine/inotify-limit.ts'
import { startAlteringProxy, type Alterations } from '../support/engines/altering-proxy.ts'
import { engineApi, removeContainer } from '../support/engine-api.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'
import { run, TestLab, type CommandResult } from '../support/test-lab.ts'

let engine: PrivateEngine
let lab: TestLab
const folder = mkdtempSync('/tmp/doctor-findings-')

beforeAll(async () => {
  engine = await PrivateEngine.createForLabs('doctor')
  lab = new TestLab('findings', await engine.makeFolder('home'))
})

afterAll(async () => {
  await engine?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

function look(environment: Record<string, string> = {}): Promise<CommandResult> {
  return run(process.execPath, [lab.program, 'doctor', '--json'], { ...lab.environment, ...environment })
}

/** The doctor in a namespace of its own, after `preparation` in a shell, whose background job, if any, ends with it. */
function lookWithin(namespace: '--mount' | '--net', preparation: string): Promise<CommandResult> {
  const words = [
    namespace,
    'sh',
    '-ec',
    `${preparation}; "$@" || code=$?; kill "$!" 2> /dev/null || true; exit "\${code:-0}"`,
    'within',
    process.execPath,
    lab.program,
  ]
  return run('unshare', [...words, 'doctor', '--json'], lab.environment)
}

function find({ stdout, stderr }: CommandResult, id: CheckId): DoctorCheck | undefined {
  if (!stdout.startsWith('[')) throw new Error(`no report: ${stdout}${stderr}`)
  return (JSON.parse(stdout) as DoctorCheck[]).find((check) => check.id === id)
}

/** Whatever is not well says what it means and what to do. */
function expectWhole(check: DoctorCheck | undefined, finding: string, command?: RegExp): void {
  expect(check).toMatchObject({ ok: false, finding })
  expect(check?.meaning).toMatch(/\w{3,}.*\.$/)
  expect(check?.remedy).toMatch(/\w{3,}.*\.$/)
  if (command === undefined) expect(check?.command).toBeUndefined()
  else expect(check?.command).toMatch(command)
}

async function behindProxy<T>(alterations: Alterations, work: (endpoint: string) => Promise<T>): Promise<T> {
  const proxy = await startAlteringProxy(engine.endpoint, join(folder, 'proxy.sock'), alterations)
  try {
    return await work(proxy.endpoint)
  } finally {
    await proxy.dispose()
  }
}

describe('given a machine that something is wrong with', () => {
  it('when the home is full, 20 MB, and the engine does not see it, then both are told', async () => {
    const result = await lookWithin(
      '--mount',
      `mount -t tmpfs -o size=20m none "${lab.home}"; head -c 19m /dev/zero > "${lab.home}/full"`,
    )
    expect(result.exitCode).toBe(1)
    expectWhole(find(result, 'disk'), 'disk-low', /^du -xhd 1 \S+home/)
    expectWhole(find(result, 'bind-mount'), 'mount-unseen')
  })

  it('when all ports are taken and a VPN has the labs’ addresses, then each is told', async () => {
    await lab.ok('up', '--nodes', '1')
    const take = `
      const net = require('node:net')
      let left = 0
      for (let port = 26443; port <= 32000; port++, left++) net.createServer().listen(port, '127.0.0.1', () => { if (--left === 0) console.log('taken') })`
    const result = await lookWithin(
      '--net',
      `ip link set lo up; ip link add vpn type bridge; ip link set vpn up; ip route add 172.16.0.0/12 dev vpn
       ulimit -n 20000; mkfifo "${folder}/taken"; ${process.execPath} -e "${take.replaceAll('"', '\\"')}" > "${folder}/taken" 2> /dev/null & read word < "${folder}/taken"`,
    )
    expect(result.exitCode).toBe(1)
    expectWhole(find(result, 'ports'), 'ports-taken', /^ss -ltnp$/)
    expectWhole(
      find(result, 'subnets'),
      'subnets-clash',
      new RegExp(`network rm -f node-lab.${lab.name} && .* up --lab ${lab.name}$`),
    )
    expect(find(result, 'subnets')?.values?.['clashes']).toContain('in 172.16.0.0/12')
    expect(find(result, 'published-port')).toMatchObject({ skipped: true, finding: 'skipped-port' })
  })

  it('when the engine’s ports are on another machine, then they cannot be reached', async () => {
    // The private engine has a network of its own, which this process is not in.
    expectWhole(
      find(await look(), 'published-port'),
      'published-unreached',
      new RegExp(`shell --lab ${lab.name} node01$`),
    )
  })

  it('when there is no kubectl, or an old one, then it is worth knowing and no failure', async () => {
    const none = find(await look({ PATH: folder }), 'kubectl')
    expect(none).toMatchObject({ ok: true, notice: true, finding: 'kubectl-none', command: expect.any(String) })
  })

  it('when its clock is not the engine’s, then the difference is told', async () => {
    const real = systemClock()
    const clock: Clock = { now: () => real.now() + 90_000, setTimer: (ms, run) => real.setTimer(ms, run) }
    const checks = await runDoctor({ home: lab.home, clock })
    expectWhole(
      checks.find(({ id }) => id === 'clock'),
      'clock-behind',
      /timedatectl/,
    )
    expect(checks.find(({ id }) => id === 'clock')?.values?.['seconds']).toBeCloseTo(90, -1)
  })

  it('when file watchers are few, then the remedy raises the limit for real', async () => {
    const before = await readFile(INOTIFY_LIMIT_FILE, 'utf8')
    const manager = await createLabManager({ home: lab.home, clock: systemClock(), logger: silentLogger })
    try {
      await writeFile(INOTIFY_LIMIT_FILE, '127\n')
      const doctor = new Doctor(manager, systemClock(), 'test')
      const found = (await doctor.run()).checks.find(({ id }) => id === 'inotify-limits')
      expectWhole(found, 'watchers-few', /^sudo sysctl -w fs\.inotify\.max_user_instances=512$/)
      const mended = (await doctor.mend('raise-inotify-limit')).checks.find(({ id }) => id === 'inotify-limits')
      expect(mended).toMatchObject({ ok: true, values: { limit: 512 } })
      expect((await readFile(INOTIFY_LIMIT_FILE, 'utf8')).trim()).toBe('512')
    } finally {
      await writeFile(INOTIFY_LIMIT_FILE, before)
      await manager.dispose()
    }
  })
})

describe('given an engine that something is wrong with', () => {
  it('when containers see files but are not told of changes, then it is worth knowing', async () => {
    // The home lies below an overlay that only the engine sees: what is written below shows, and nobody is told.
    const parts = await engine.makeFolder('overlay')
    for (const part of ['upper', 'work']) mkdirSync(join(parts, part))
    const options = `lowerdir=${lab.home},upperdir=${parts}/upper,workdir=${parts}/work`
    const mounted = await engine.runAmongMounts('mount', '-t', 'overlay', 'overlay', '-o', options, lab.home)
    expect(mounted, mounted.output).toMatchObject({ exitCode: 0 })
    try {
      const result = await look()
      expect(find(result, 'file-events')).toMatchObject({
        ...{ ok: true, notice: true, finding: 'events-missing' },
        ...{ meaning: expect.stringContaining('20 seconds'), command: expect.stringContaining('fileCheckFrequency') },
      })
      expectWhole(find(result, 'bind-mount'), 'mount-lost')
    } finally {
      await engine.runAmongMounts('umount', lab.home)
    }
  })

  it('when it speaks an old API, then that is what is wrong, and the exit code says so', async () => {
    const answers = { '/version': (version: object) => ({ ...version, ApiVersion: '1.41', Version: '20.10.24' }) }
    await behindProxy({ answers }, async (endpoint) => {
      const result = await look({ DOCKER_HOST: endpoint })
      expect(result.exitCode).toBe(3)
      expectWhole(find(result, 'engine'), 'engine-none', /npm start/)
      expect(find(result, 'engine')?.message).toContain('speaks API 1.41, and 1.45 is needed')
      expect(find(result, 'volume-subpath')).toMatchObject({ skipped: true, finding: 'skipped-engine' })
    })
  })

  it('when it says that it is another processor’s, without root, with SELinux and without limits, then each is told', async () => {
    const answers = {
      '/info': (info: object) => ({
        ...info,
        ...{ Architecture: 'aarch64', MemoryLimit: false, SecurityOptions: ['name=rootless', 'name=selinux'] },
      }),
    }
    await behindProxy({ answers }, async (endpoint) => {
      const result = await look({ DOCKER_HOST: endpoint })
      expectWhole(find(result, 'architecture'), 'architecture-other', /^docker image rm node-lab\.invalid\/node:/)
      expectWhole(find(result, 'limits'), 'limits-ignored', /Delegate=cpu/)
      expect(find(result, 'root')).toMatchObject({ notice: true, finding: 'rootless-engine' })
      expect(find(result, 'selinux')).toMatchObject({ notice: true, finding: 'selinux-on' })
    })
  })

  it('when its containers may have few files and processes, then a container finds it out', async () => {
    const requests = {
      '/containers/create': (body: Record<string, unknown>) => ({
        ...body,
        HostConfig: {
          ...(body['HostConfig'] as object),
          ...{ PidsLimit: 200, Ulimits: [{ Name: 'nofile', Soft: 256, Hard: 256 }] },
        },
      }),
    }
    await behindProxy({ requests }, async (endpoint) => {
      const result = await look({ DOCKER_HOST: endpoint })
      expectWhole(find(result, 'open-files'), 'files-few', /LimitNOFILE/)
      expectWhole(find(result, 'processes'), 'processes-few', /pid_max/)
      expect(find(result, 'processes')?.values).toEqual({ limit: 200 })
    })
  })

  it('when its socket is elsewhere, then the setting that says where is told', async () => {
    const result = await look({ NODE_LAB_ENGINE_SOCKET: '/etc/hostname' })
    expectWhole(find(result, 'engine-socket'), 'socket-wrong', /NODE_LAB_ENGINE_SOCKET/)
  })

  it('when a lab has lost its disk, then the command that is told makes it whole', async () => {
    expect(find(await look(), 'labs')).toMatchObject({ ok: true, finding: 'labs-whole' })
    for (const id of await lab.allContainers()) await removeContainer(id)
    await engineApi('DELETE', `/volumes/node-lab.${lab.name}.node01`)
    const broken = find(await look(), 'labs')
    expectWhole(broken, 'labs-broken', new RegExp(`up --lab ${lab.name}`))
    expect(broken?.message).toContain('disk of node01')
    await lab.ok('up')
    expect(find(await look(), 'labs')).toMatchObject({ ok: true })
  })
})
