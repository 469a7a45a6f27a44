import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../container-runtime/testing/configs.ts'
import { toDisposable } from '../../base/disposable.ts'
import { runCrictl, type CrictlContext } from './crictl.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { parseSince } from './logs-verb.ts'
import { formatAge, formatSize } from './format.ts'
import { computeCpuPercent } from './stats.ts'
import type { ClientSettings } from './client-settings.ts'
import type { Terminal } from './streams.ts'

class FakeTerminal implements Terminal {
  isTerminal = true
  isRaw = false
  readonly input = (async function* () {
    await Promise.resolve()
    yield Buffer.from('typed')
  })()
  makeRaw() {
    this.isRaw = true
    return toDisposable(() => void (this.isRaw = false))
  }
  watchSize(): void {}
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'crictl-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function setUp() {
  const configurationFile = path.join(folder, 'crictl.yaml')
  writeFileSync(configurationFile, 'runtime-endpoint: unix:///run/containerd/containerd.sock\ntimeout: 10\n')
  const clock = new FakeClock()
  const runtime = new SimulatedRuntime({ clock, images: [{ reference: 'busybox:1.36', present: true }] })
  const sandboxConfig = aPodSandboxConfig()
  sandboxConfig.logDirectory = folder
  const sandbox = await runtime.runPodSandbox(sandboxConfig)
  const first = await runtime.createContainer(sandbox, aContainerConfig({ attempt: 0 }), sandboxConfig)
  await runtime.startContainer(first)
  runtime.exitContainer(first)
  await clock.advance(60_000)
  const second = await runtime.createContainer(sandbox, aContainerConfig({ attempt: 1 }), sandboxConfig)
  await runtime.startContainer(second)
  await clock.advance(120_000)
  const terminal = new FakeTerminal()
  const streamed: { url: string; input: string; hasSize: boolean; wasRaw: boolean }[] = []
  const runRemoteCommand: CrictlContext['runRemoteCommand'] = async (url, streams) => {
    let input = ''
    for await (const chunk of streams.stdin ?? []) input += Buffer.from(chunk).toString()
    streamed.push({ url, input, hasSize: streams.watchSize !== undefined, wasRaw: terminal.isRaw })
    streams.stdout(Buffer.from('hello'))
    return 7
  }
  const connections: ClientSettings[] = []
  const environment: Record<string, string> = { CRI_CONFIG_FILE: configurationFile }
  const interrupted = new AbortController()
  const crictl = async (...argv: string[]) => {
    let out = ''
    let err = ''
    const code = await runCrictl(argv, {
      connect(settings) {
        connections.push(settings)
        return { runtime, images: runtime.images }
      },
      environment,
      isErrorTerminal: true,
      clock,
      terminal,
      runRemoteCommand,
      forwardPort: () => Promise.reject(new Error('not in this test')),
      stdout: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
      stderr: (text) => void (err += typeof text === 'string' ? text : Buffer.from(text).toString()),
      signal: interrupted.signal,
    })
    return { code, out, err }
  }
  return {
    clock,
    runtime,
    sandbox,
    first,
    second,
    crictl,
    terminal,
    streamed,
    connections,
    environment,
    configurationFile,
    interrupted,
  }
}

describe('given a node with a pod whose container was restarted', () => {
  it('when containers are listed, then the running one, or with -a both, the newest first', async () => {
    const { crictl, first, second } = await setUp()
    const running = (await crictl('ps')).out.split('\n')
    expect(running[0]?.split(/ {2,}/)).toEqual([
      'CONTAINER',
      'IMAGE',
      'CREATED',
      'STATE',
      'NAME',
      'ATTEMPT',
      'POD ID',
      'POD',
      'NAMESPACE',
    ])
    expect(running).toHaveLength(3)
    expect(running[1]).toContain('2 minutes ago')
    expect(running[1]).toContain('Running')
    expect((await crictl('ps', '-aq')).out).toBe(`${second}\n${first}\n`)
    expect((await crictl('ps', '--state', 'exited', '-q')).out).toBe(`${first}\n`)
    expect((await crictl('ps', '-q', '--name', 'nobody')).out).toBe('')
  })

  it('when pods and their details are asked for, then ids may be short and integers are whole', async () => {
    const { crictl, sandbox, second } = await setUp()
    expect((await crictl('pods')).out).toContain('Ready')
    expect((await crictl('pods', '-q')).out).toBe(`${sandbox}\n`)
    const details = await crictl('inspect', second)
    expect(JSON.parse(details.out)).toMatchObject({ status: { id: second, state: 'CONTAINER_RUNNING' } })
    expect(JSON.parse((await crictl('inspectp', sandbox)).out)).toMatchObject({ status: { id: sandbox } })
  })

  it('when a log is read, then it is that of the container’s file', async () => {
    const { crictl, runtime, second } = await setUp()
    const { logPath } = await runtime.containerStatus(second)
    expect(logPath.startsWith(folder)).toBe(true)
    mkdirSync(path.dirname(logPath), { recursive: true })
    writeFileSync(logPath, '2026-01-01T00:00:00Z stdout F one\n2026-01-01T00:00:00Z stdout F two\n')
    expect(await crictl('logs', '--tail=1', second)).toEqual({ code: 0, out: 'two\n', err: '' })
  })

  it('when a container is stopped and removed, then the runtime is told so, but not while it runs', async () => {
    const { crictl, runtime, second } = await setUp()
    const refused = await crictl('rm', second)
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('is running, please stop it first')
    const removed = await crictl('rm', '-f', second)
    expect(removed).toEqual({ code: 0, out: `${second}\n${second}\n`, err: '' })
    expect(runtime.population.containers).toBe(1)
    expect((await crictl('stop', '-a')).out).toBe('No running containers found.\n')
    expect((await crictl('rm', '-a')).code).toBe(0)
    expect(runtime.population.containers).toBe(0)
  })

  it('when all are stopped, then only those that run are, and ids go with it no more', async () => {
    const { crictl, second } = await setUp()
    expect((await crictl('stop', '-a', second)).err).toContain('cannot specify CONTAINER-ID(s) when using --all')
    expect((await crictl('stop', '--all')).out).toBe(`${second}\n`)
    expect((await crictl('ps', '-q')).out).toBe('')
  })

  it('when a container is removed, then its log goes too, unless it is to be kept', async () => {
    const { crictl, runtime, first, second } = await setUp()
    const logOf = async (id: string) => {
      const { logPath } = await runtime.containerStatus(id)
      mkdirSync(path.dirname(logPath), { recursive: true })
      for (const file of [logPath, `${logPath}.20260101-000000`]) writeFileSync(file, 'line\n')
      return logPath
    }
    const [kept, gone] = [await logOf(first), await logOf(second)]
    await crictl('rm', '-fk', first)
    await crictl('rm', '-f', second)
    expect([kept, gone, `${gone}.20260101-000000`].map((file) => existsSync(file))).toEqual([true, false, false])
  })

  it('when a pod is stopped and removed, then the runtime is told so, but not while it is ready', async () => {
    const { crictl, runtime, sandbox } = await setUp()
    expect((await crictl('rmp', sandbox)).err).toContain(`pod sandbox "${sandbox}" is running, please stop it first`)
    expect(await crictl('stopp', sandbox.slice(0, 8))).toMatchObject({
      code: 0,
      out: `Stopped sandbox ${sandbox.slice(0, 8)}\n`,
    })
    expect((await crictl('pods', '--state', 'NotReady', '-q')).out).toBe(`${sandbox}\n`)
    expect((await crictl('rmp', '-a')).out).toBe(`Removed sandbox ${sandbox}\n`)
    expect(runtime.population).toMatchObject({ containers: 0, sandboxes: 0 })
    expect((await crictl('stopp')).out).toContain('crictl stopp [command options] POD-ID [POD-ID...]')
    expect(await crictl('stopp', 'nope')).toEqual({ code: 0, out: 'Stopped sandbox nope\n', err: '' })
  })
})

describe('given a container to be joined', () => {
  it('when a shell is run with -it, then the terminal is raw while it lasts, and a failure is told with its exit code', async () => {
    const { runtime, second, crictl, terminal, streamed } = await setUp()
    const requests: unknown[] = []
    runtime.exec = (request) => {
      requests.push(request)
      return Promise.resolve('ws+unix:///s.sock:/exec/1')
    }
    const ended = await crictl('exec', '-it', second, 'sh', '-c', 'id')
    expect(ended).toMatchObject({ code: 1, out: 'hello' })
    expect(ended.err).toContain(`execing command in container ${second}: command terminated with exit code 7`)
    const streams = { tty: true, stdin: true, stdout: true, stderr: false }
    expect(requests).toEqual([{ containerId: second, cmd: ['sh', '-c', 'id'], ...streams }])
    expect(streamed).toEqual([{ url: 'ws+unix:///s.sock:/exec/1', input: 'typed', hasSize: true, wasRaw: true }])
    expect(terminal.isRaw).toBe(false)
  })

  it('when input comes from a pipe, then nothing is raw and both outputs are asked for', async () => {
    const { runtime, second, crictl, terminal, streamed } = await setUp()
    terminal.isTerminal = false
    const requests: unknown[] = []
    runtime.attach = (request) => {
      requests.push(request)
      return Promise.resolve('ws+unix:///s.sock:/attach/1')
    }
    await crictl('attach', '-i', second)
    await crictl('attach', second)
    const streams = { containerId: second, tty: false, stdout: true, stderr: true }
    expect(requests).toEqual([
      { ...streams, stdin: true },
      { ...streams, stdin: false },
    ])
    expect(streamed.map(({ input, hasSize, wasRaw }) => [input, hasSize, wasRaw])).toEqual([
      ['typed', false, false],
      ['', false, false],
    ])
  })

  it('when the runtime has no streams, then it is said', async () => {
    const { second, crictl } = await setUp()
    expect((await crictl('exec', '-i', second, 'cat')).err).toContain('code = Unimplemented')
  })
})

describe('given containers that use something', () => {
  it('when it is measured, then over a second, for containers and for pods', async () => {
    const { clock, runtime, sandbox, second, crictl } = await setUp()
    runtime.behave('busy', { usage: { cores: 0.5, memoryBytes: 5_000_000 } })
    const busy = await runtime.createContainer(sandbox, aContainerConfig({ name: 'busy' }), aPodSandboxConfig())
    await runtime.startContainer(busy)
    const measured = async (...argv: string[]) => {
      const answer = crictl(...argv)
      await clock.advance(1000)
      return (await answer).out
    }
    const rows = (await measured('stats'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
    expect(rows).toEqual([
      ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES'],
      [second.slice(0, 13), 'app', '0.00', '0B', '0B', '0'],
      [busy.slice(0, 13), 'busy', '50.00', '5MB', '0B', '0'],
    ])
    expect((await measured('stats', busy)).split('\n')).toHaveLength(3)
    expect(JSON.parse(await measured('stats', '-o', 'json', busy))).toMatchObject({
      stats: [{ attributes: { id: busy }, memory: { workingSetBytes: { value: '5000000' } } }],
    })
    expect((await measured('statsp')).split('\n')[1]).toMatch(/^web-node01 +\S+ +50\.00 +5MB$/)
  })

  it('when it is watched, then again and again, until that is interrupted', async () => {
    const { clock, crictl, interrupted } = await setUp()
    const watched = crictl('stats', '-w', '-s', '2')
    for (let second = 0; second < 6; second++) await clock.advance(1000)
    interrupted.abort()
    const { code, out, err } = await watched
    expect([code, err]).toEqual([0, ''])
    expect(out.match(/CONTAINER +NAME/g)).toHaveLength(2)
  })

  it('given a counter that began anew, or no time between, then the rate is sound', () => {
    const at = (timestamp: bigint, usageCoreNanoSeconds: bigint) => ({ timestamp, usageCoreNanoSeconds })
    expect(computeCpuPercent(at(0n, 900n), at(1000n, 100n))).toBe(10)
    expect(computeCpuPercent(at(5n, 0n), at(5n, 100n))).toBe(0)
    expect(computeCpuPercent(undefined, at(5n, 100n))).toBe(0)
  })
})

describe('given containers to choose from', () => {
  it('when they are filtered, then by regular expression, label, image, pod and number', async () => {
    const { crictl, first, second, sandbox } = await setUp()
    const ids = async (...argv: string[]) => (await crictl('ps', '-q', ...argv)).out
    expect(await ids('--name', '^ap+$')).toBe(`${second}\n`)
    expect(await ids('--name', '^pp')).toBe('')
    expect(await ids('-n', '5')).toBe(`${second}\n${first}\n`)
    expect(await ids('-l')).toBe(`${second}\n`)
    expect(await ids('-p', sandbox, '--image', 'busybox:1.36', '--namespace', '^unknown$')).toBe(`${second}\n`)
    expect(await ids('--image', 'nginx')).toBe('')
    expect((await crictl('pods', '-q', '--namespace', '^def', '--name', 'web')).out).toBe(`${sandbox}\n`)
    expect((await crictl('pods', '-q', '--namespace', '^kube')).out).toBe('')
    expect(await ids('--label', 'no=such')).toBe('')
    expect((await crictl('ps', '--name', '(')).err).toContain('invalid regular expression "("')
    expect((await crictl('ps', '--label', 'a')).err).toContain('incorrectly specified label: a')
  })

  it('when they are shown, then as JSON, YAML, whole ids, or a line for each thing that is known', async () => {
    const { crictl, second, sandbox } = await setUp()
    expect(JSON.parse((await crictl('ps', '-o', 'json')).out)).toMatchObject({
      containers: [{ id: second, podSandboxId: sandbox, state: 'CONTAINER_RUNNING', createdAt: expect.any(String) }],
    })
    expect((await crictl('pods', '-o', 'yaml')).out).toContain(`items:\n- annotations:`)
    expect((await crictl('ps', '--no-trunc')).out).toContain(second)
    expect((await crictl('ps', '-v')).out).toContain(`ID: ${second}\nPodID: ${sandbox}\n`)
    expect((await crictl('pods', '-v')).out).toContain('Runtime: (default)')
  })

  it('when one is inspected, then its status and the runtime’s words stand in the order of their keys, or fill a template', async () => {
    const { crictl, second, sandbox } = await setUp()
    const value = JSON.parse((await crictl('inspect', second)).out) as { status: Record<string, unknown> }
    expect(Object.keys(value)).toEqual(['info', 'status'])
    expect(Object.keys(value.status)).toEqual(Object.keys(value.status).sort())
    expect(value).toMatchObject({
      info: { sandboxID: sandbox },
      status: { finishedAt: '0001-01-01T00:00:00Z', createdAt: expect.stringMatching(/^2\d{3}-.*Z$/), resources: null },
    })
    const template = '{{.status.state}} {{index .info "sandboxID"}}'
    expect((await crictl('inspect', '-o', 'go-template', '--template', template, second)).out).toBe(
      `CONTAINER_RUNNING ${sandbox}\n`,
    )
    expect(Object.keys(JSON.parse((await crictl('inspect', '-q', '--name', 'app')).out) as object)).toEqual(['status'])
    expect((await crictl('inspect', '-o', 'table', second)).out).toContain('State: CONTAINER_RUNNING\n')
    expect((await crictl('inspectp', '-o', 'table', '--latest')).out).toContain(`ID: ${sandbox}\n`)
    expect(JSON.parse((await crictl('inspect', '-l', '-n', '2')).out)).toHaveLength(2)
    const none = await crictl('inspect', '--name', 'nobody')
    expect(none.err).toContain('No IDs provided or nothing found per filter')
    expect(none.out).toContain('crictl inspect [command options] CONTAINER-ID [CONTAINER-ID...]')
  })
})

describe('given a log with both streams', () => {
  async function setUpLog() {
    const world = await setUp()
    const { logPath } = await world.runtime.containerStatus(world.second)
    mkdirSync(path.dirname(logPath), { recursive: true })
    const lines = ['00:00:00Z stdout F one', '00:10:00Z stderr F two', '00:20:00Z stdout F three']
    writeFileSync(logPath, lines.map((line) => `2026-01-01T${line}\n`).join(''))
    writeFileSync(path.join(path.dirname(logPath), '0.log'), '2026-01-01T00:00:00Z stdout F before\n')
    return world
  }

  it.each([
    [['--since', '2026-01-01T00:10:00Z'], 'two\nthree\n'],
    [['--since', '2026-01-01T00:20:00'], 'three\n'],
    [['-t', '--tail', '1'], '2026-01-01T00:20:00Z three\n'],
    [['--limit-bytes', '5'], 'one\nt'],
    [['--stream', 'stderr'], 'two\n'],
    [['-p'], 'before\n'],
    [['-r', '--tail=1'], 'three\n'],
  ])('when it is read with %j, then it is that part', async (options, text) => {
    const { crictl, second } = await setUpLog()
    expect(await crictl('logs', ...options, second)).toMatchObject({ code: 0, out: text })
  })

  it('when the first attempt is asked for what was before, or options stand behind the id, then it is told', async () => {
    const { crictl, first, second } = await setUpLog()
    expect((await crictl('logs', '-p', first)).err).toContain('previous terminated container app not found')
    expect((await crictl('logs', second, '--tail', '1')).out).toContain('crictl logs [command options] CONTAINER-ID')
    expect((await crictl('logs', '--since', 'soon', second)).err).toContain('failed to parse value as time or duration')
  })

  it('when time is relative, then it is counted back from now', () => {
    expect(parseSince('1h30m', Date.parse('2026-01-01T02:00:00Z'))).toBe('2026-01-01T00:30:00.000Z')
  })
})

describe('given images', () => {
  it('when they are listed, inspected, pulled and removed, then as cri-tools does it', async () => {
    const { crictl } = await setUp()
    expect((await crictl('images')).out.split('\n')[0]?.split(/ {2,}/)).toEqual(['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'])
    expect((await crictl('img', 'nginx')).out.split('\n')).toHaveLength(2)
    expect((await crictl('images', '-f', 'reference=busy', '-q')).out).toMatch(/^sha256:\w+\n$/)
    expect((await crictl('images', '--digests', '--pinned')).out).toContain('<none>')
    const id = (await crictl('images', '-q')).out.trim()
    expect(JSON.parse((await crictl('inspecti', id.slice(7, 20))).out)).toMatchObject({ status: { id } })
    expect((await crictl('inspecti', 'nginx')).err).toContain('no such image "nginx" present')
    expect((await crictl('pull', 'busybox:1.36')).out).toBe(`Image is up to date for ${id}\n`)
    expect((await crictl('pull', 'no/such')).err).toContain('pulling image: rpc error: code = NotFound')
    expect((await crictl('rmi', '--prune')).err).toContain('No images to remove')
    expect((await crictl('rmi', 'nginx')).err).toContain('no such image nginx')
    expect((await crictl('rmi', 'busybox:1.36')).out).toContain('Deleted: ')
    expect((await crictl('images', '-q')).out).toBe('')
    expect(JSON.parse((await crictl('imagefsinfo')).out)).toMatchObject({ status: { imageFilesystems: [{}] } })
  })
})

describe('given files that describe a pod and a container', () => {
  it('when they are run, then the pod is made, with defaults, and its container runs', async () => {
    const { crictl, runtime } = await setUp()
    const [pod, container] = [path.join(folder, 'pod.json'), path.join(folder, 'container.yaml')]
    const metadata = { name: 'hand', namespace: 'default', attempt: 1 }
    writeFileSync(pod, JSON.stringify({ metadata, log_directory: folder, linux: {} }))
    writeFileSync(
      container,
      'metadata: {name: made}\nimage: {image: "busybox:1.36"}\ncommand: [top]\nlog_path: made.log\n',
    )
    const sandbox = (await crictl('runp', pod)).out.trim()
    const id = (await crictl('create', sandbox, container, pod)).out.trim()
    expect(await crictl('start', id)).toEqual({ code: 0, out: `${id}\n`, err: '' })
    expect(await runtime.containerStatus(id)).toMatchObject({
      state: 'CONTAINER_RUNNING',
      logPath: `${folder}/made.log`,
    })
    writeFileSync(pod, JSON.stringify({ metadata: { name: 'hand' } }))
    expect((await crictl('runp', pod)).err).toContain('load podSandboxConfig: name or namespace is not in metadata')
    writeFileSync(container, 'metadata: made')
    expect((await crictl('create', sandbox, container, pod)).err).toContain('metadata must hold keys and values')
    expect((await crictl('runp', '/no/such')).err).toContain('config at /no/such not found')
  })
})

describe('given where the runtime is', () => {
  it('when flags, variables and the file name it, then they count in this order', async () => {
    const { crictl, connections, environment, configurationFile } = await setUp()
    await crictl('version')
    environment['CONTAINER_RUNTIME_ENDPOINT'] = 'unix:///variable.sock'
    await crictl('version')
    await crictl('-r', 'unix:///flag.sock', '-i', 'unix:///images.sock', '-t', '3s', 'version')
    writeFileSync(configurationFile, '# empty\n')
    delete environment['CONTAINER_RUNTIME_ENDPOINT']
    expect((await crictl('version')).err).toContain('runtime connect using default endpoints')
    expect(connections).toEqual([
      {
        runtimeEndpoint: 'unix:///run/containerd/containerd.sock',
        imageEndpoint: 'unix:///run/containerd/containerd.sock',
        timeoutMs: 10_000,
      },
      { runtimeEndpoint: 'unix:///variable.sock', imageEndpoint: 'unix:///variable.sock', timeoutMs: 10_000 },
      { runtimeEndpoint: 'unix:///flag.sock', imageEndpoint: 'unix:///images.sock', timeoutMs: 3000 },
      {
        runtimeEndpoint: 'unix:///run/containerd/containerd.sock',
        imageEndpoint: 'unix:///run/containerd/containerd.sock',
        timeoutMs: 2000,
      },
    ])
  })

  it('when the file is read and written, then option by option, and what it cannot hold is refused', async () => {
    const { crictl, configurationFile } = await setUp()
    expect((await crictl('config', '--get', 'timeout')).out).toBe('10\n')
    expect((await crictl('config', '--set', 'timeout=20,debug=true')).code).toBe(0)
    expect(readFileSync(configurationFile, 'utf8')).toContain('timeout: 20\ndebug: true\n')
    expect((await crictl('ps', '-q')).err).toContain('Connect using endpoint')
    expect((await crictl('config', 'debug', 'false')).code).toBe(0)
    expect((await crictl('config', '--list')).out).toMatch(/^KEY +VALUE\nruntime-endpoint +unix:/)
    expect((await crictl('config', '--set', 'timeout=soon')).err).toContain("parse timeout value 'soon'")
    expect((await crictl('config', '--get', 'colour')).err).toContain('no configuration option named colour')
    writeFileSync(configurationFile, 'timeout: [')
    expect((await crictl('ps')).err).toContain('load config file')
    expect((await crictl('--config', '/no/such', 'ps')).err).toContain('stat /no/such: no such file or directory')
  })

  it('when nobody answers there, then it is told as Go tells it', async () => {
    const { crictl, runtime } = await setUp()
    const words = 'No connection established. Last error: Error: connect ENOENT /run/no.sock. Resolution note: '
    runtime.version = () => Promise.reject(new CriError('Unavailable', words))
    expect((await crictl('-r', 'unix:///run/no.sock', 'version')).err).toContain(
      'validate service connection: validate CRI v1 runtime API for endpoint "unix:///run/no.sock": rpc error: ' +
        'code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/no.sock: ' +
        'connect: no such file or directory"',
    )
  })
})

describe('given bad words', () => {
  it.each([
    [['exec', '-t', 'x', 'sh'], 'tty=true must be specified with interactive=true'],
    [['logs'], 'ID cannot be empty'],
    [['logs', '--tail', 'many', 'x'], 'invalid value "many" for flag -tail: parse error'],
    [['ps', '-o', 'xml'], 'unsupported output format "xml"'],
    [['ps', '--all', '--fast'], 'flag provided but not defined: -fast'],
    [['ps', '--name'], 'flag needs an argument: -name'],
    [['ps', '-s', 'asleep'], '--state should be one of created, running, exited or unknown'],
    [['inspect', 'nope'], 'get the status of containers: get container status: rpc error: code = NotFound'],
    [['checkpoint', 'x'], 'code = Unimplemented desc = unknown method CheckpointContainer'],
    [['completion', 'csh'], 'only bash, zsh or fish are supported'],
  ])('when it is %j, then it exits 1 and says why', async (argv, part) => {
    const { crictl } = await setUp()
    const result = await crictl(...argv)
    expect(result.code).toBe(1)
    expect(result.err).toContain(`FATA\u001B[0m[0000] `)
    expect(result.err).toContain(part)
  })

  it('when there is no such verb, then it exits 3', async () => {
    const { crictl } = await setUp()
    expect(await crictl('fly')).toEqual({ code: 3, out: '', err: "No help topic for 'fly'\n" })
  })

  it.each([['inspecti'], ['exec', 'x'], ['ps', 'x'], ['rm'], ['runp'], ['version', 'x']])(
    'when operands of %s are missing or too many, then its help is shown, and it exits 0',
    async (...argv) => {
      const { crictl } = await setUp()
      const result = await crictl(...argv)
      expect(result.code).toBe(0)
      expect(result.out).toContain(`NAME:\n   crictl ${argv[0]} - `)
    },
  )

  it('when help is asked for, then of all verbs, or of one', async () => {
    const { crictl } = await setUp()
    for (const argv of [[], ['--help'], ['help']]) expect((await crictl(...argv)).out).toContain('GLOBAL OPTIONS:\n')
    for (const argv of [
      ['ps', '-h'],
      ['help', 'ps'],
    ])
      expect((await crictl(...argv)).out).toMatch(
        /USAGE:\n {3}crictl ps \[command options\]\n\nOPTIONS:\n {3}--all, -a /,
      )
    expect((await crictl('--version')).out).toMatch(/^crictl version v\d/)
  })
})

describe('given ages and sizes', () => {
  it.each([
    [500, 'Less than a second ago'],
    [1500, '1 second ago'],
    [59_000, '59 seconds ago'],
    [90_000, 'About a minute ago'],
    [600_000, '10 minutes ago'],
    [3_540_000, '59 minutes ago'],
    [3_600_000, 'About an hour ago'],
    [10_800_000, '3 hours ago'],
    [259_200_000, '3 days ago'],
  ])('when it is %d ms old, then it is %s', (age, text) => {
    expect(formatAge(0, age)).toBe(text)
  })

  it('when a size is shown, then in decimal units', () => {
    expect([999, 1000, 4_270_000, 187_700_000, 2_500_000_000].map((bytes) => formatSize(bytes))).toEqual([
      '999B',
      '1kB',
      '4.27MB',
      '188MB',
      '2.5GB',
    ])
  })
})
