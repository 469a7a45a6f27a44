/** What becomes of a shell when the program that shows it has gone: closed, ended, or killed without a word. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { TerminalTarget } from '../../src-main/common/lab/terminal.ts'
import { engineApi, execIn, listContainers } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('hang-up')
const NODE: TerminalTarget = { kind: 'node', node: 'node01' }
const CONTAINER: TerminalTarget = { kind: 'container', node: 'node01', namespace: 'default', pod: 'steady-node01' }
/** One job in the foreground, one that ignores the hang-up, one of another session; the numbers tell them apart. */
const JOBS = "(trap '' HUP; exec sleep 71001) & setsid sleep 71002 & sleep 71003"
/** The part of the app that has terminals. */
const SOURCES = path.resolve(import.meta.dirname, '../../src-main')
const APP = `
  import { systemClock } from '${SOURCES}/base/clock.ts'
  import { createLabManager } from '${SOURCES}/lab/create-lab-manager.ts'
  import { TerminalSessions } from '${SOURCES}/shell/app/terminals/terminal-sessions.ts'
  const sessions = new TerminalSessions(await createLabManager({ home: '${lab.home}' }), systemClock())
  for (const target of ${JSON.stringify([NODE, CONTAINER])}) {
    const { id } = await sessions.open({ lab: '${lab.name}', target, columns: 80, rows: 24 })
    sessions.input(id, ${JSON.stringify(`${JOBS}\r`)})
  }
  console.log('opened')`
let container = ''
let programs: ChildProcess[] = []

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  await lab.drop('steady.yaml', shellManifest('steady', RUN_FOREVER))
  await lab.waitForRunning('steady-node01')
  container = (await listContainers(`label=${lab.label}`, 'label=io.node-lab.role=container'))[0] ?? ''
})
afterAll(async () => {
  killPrograms()
  await lab.dispose()
})

function killPrograms(): void {
  for (const program of programs) program.kill('SIGKILL')
  programs = []
}

/** For those that run one after the other. */
async function endAll(): Promise<void> {
  killPrograms()
  const end =
    'for file in /proc/[0-9]*/cmdline; do grep -aq 7[1]00 $file && kill -9 $(echo $file | tr -dc 0-9); done; true'
  for (const place of [nodeContainer(), container]) await execIn(place, 'sh', '-c', end)
}

const nodeContainer = (): string => `node-lab.${lab.name}.node01`

async function listCommands(place: string): Promise<string[]> {
  const look = 'for file in /proc/[0-9]*/cmdline; do tr "\\0" " " <$file; echo; done 2>/dev/null'
  return (await execIn(place, 'sh', '-c', look)).split('\n').map((line) => line.trim())
}

/** The jobs that run there, and the terminal's own processes; what has ended and waits for its parent has no command line. */
async function listLeft(place: string): Promise<string[]> {
  return (await listCommands(place)).filter((line) => /^sleep 7100|node-lab-hang-up|^bash -l$|^sh$/.test(line)).sort()
}

async function seeJobs(place: string): Promise<void> {
  await waitUntil({ what: 'the jobs to run', intervalMs: 100 }, async () => {
    const left = await listLeft(place)
    if (left.filter((line) => line.startsWith('sleep')).length < 3) throw new Error(left.join('\n'))
    return true
  })
}

/** Within seconds, and for good. */
async function seeHungUp(place: string): Promise<void> {
  await waitUntil({ what: 'the shell to be hung up', timeoutSeconds: 20, intervalMs: 100 }, async () => {
    const left = await listLeft(place)
    if (left.length > 2) throw new Error(left.join('\n'))
    return true
  })
  await delay(500)
  expect(await listLeft(place)).toEqual(['sleep 71001', 'sleep 71002'])
}

function start(program: string, ...words: string[]): ChildProcess {
  const child = spawn(program, words, {
    env: { ...process.env, ...lab.environment, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  programs.push(child)
  return child
}

/** `node-lab WORDS` for a shell, in whose place it comes. */
function commandLine(...words: string[]): string {
  const quoted = [process.execPath, lab.program, ...words].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)
  return `exec ${quoted.join(' ')}`
}

/** `node-lab WORDS` in a terminal window of its own. */
async function openTerminal(prompt: RegExp, ...words: string[]): Promise<ChildProcess> {
  const terminal = start('script', '-qefc', commandLine(...words), '/dev/null')
  await seeOutput(terminal, prompt)
  terminal.stdin?.write(`${JOBS}\r`)
  return terminal
}

async function seeOutput(program: ChildProcess, pattern: RegExp): Promise<string> {
  let said = ''
  program.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
  return waitUntil({ what: `${pattern}`, intervalMs: 50 }, () => {
    const [match] = pattern.exec(said) ?? []
    if (match === undefined) throw new Error(JSON.stringify(said.slice(-500)))
    return match
  })
}

/** The program on the terminal, and not the terminal. */
function killProgramOn({ pid = 0 }: ChildProcess): void {
  const [program = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  process.kill(Number(program), 'SIGKILL')
}

const closeWindow = (terminal: ChildProcess): unknown => terminal.kill('SIGKILL')

describe('given a shell with jobs in a terminal', () => {
  afterEach(endAll)

  it.each([
    ['its window is closed', closeWindow],
    ['node-lab is killed with -9', killProgramOn],
  ])('when %s, then on the node only what was to outlive it is left', async (_what, end) => {
    const terminal = await openTerminal(/root@node01:~# /, 'shell', 'node01', '--lab', lab.name)
    await seeJobs(nodeContainer())
    end(terminal)
    await seeHungUp(nodeContainer())
  })

  it('when node-lab is killed with -9, then in the container only what was to outlive it is left', async () => {
    const terminal = await openTerminal(/# /, 'exec', '-it', 'steady-node01', '--lab', lab.name, '--', 'sh')
    await seeJobs(container)
    killProgramOn(terminal)
    await seeHungUp(container)
  })

  it('when it is left by exit, then nothing watches it any more', async () => {
    const terminal = await openTerminal(/root@node01:~# /, 'shell', 'node01', '--lab', lab.name)
    await seeJobs(nodeContainer())
    terminal.stdin?.write('\u0003exit\r')
    await once(terminal, 'exit')
    await seeHungUp(nodeContainer())
  })
})

describe('given what has no window to close', () => {
  afterEach(endAll)

  it('when node-lab is killed with -9 beside a command without a terminal, then it and what it started are hung up', async () => {
    const program = start(
      process.execPath,
      lab.program,
      'exec',
      'steady-node01',
      '--lab',
      lab.name,
      '--',
      'sh',
      '-c',
      JOBS,
    )
    await seeJobs(container)
    program.kill('SIGKILL')
    await seeHungUp(container)
  })

  it('when the app is killed with -9 that has shells on a node and in a container, then both are hung up', async () => {
    const app = start(process.execPath, '--input-type=module-typescript', '-e', APP)
    await seeOutput(app, /opened/)
    await seeJobs(nodeContainer())
    await seeJobs(container)
    app.kill('SIGKILL')
    await seeHungUp(nodeContainer())
    await seeHungUp(container)
  })
})

/** They wait for long, each in a place of its own. */
describe.concurrent('given a hang-up that takes long', () => {
  /** Its leader is a shell, but nobody's prompt. */
  const SCRIPT = "trap '' HUP; sleep 72001; echo done"
  const OF_A_START = /node-lab-hang-up command|sleep 71003/
  /** Of a client that starts a watch and then its command, by what the engine says of the two; first the one after which a watch waits. */
  const MOMENTS: { moment: string; isNow: (execs: readonly string[]) => boolean }[] = [
    { moment: 'the command to be made', isNow: (execs) => execs.length > 1 },
    { moment: 'the watch to be made', isNow: (execs) => execs.length > 0 },
    { moment: 'the watch to run', isNow: (execs) => execs.some((exec) => exec.endsWith(' runs')) },
    { moment: 'the command to run', isNow: (execs) => execs.includes('sleep 71003 runs') },
  ]

  it('when node-lab is killed with -9, then a shell that takes none is ended all the same, and a command that takes none runs on', async () => {
    const words = ['exec', '-it', 'steady-node01', '--lab', lab.name, '--', 'sh', '-c', SCRIPT]
    const command = start('script', '-qefc', commandLine(...words), '/dev/null')
    await waitUntil({ what: 'the command to run', intervalMs: 100 }, async () => {
      if (!(await listCommands(container)).includes('sleep 72001')) throw new Error('no')
      return true
    })
    killProgramOn(command)
    const terminal = await openTerminal(/root@node01:~# /, 'shell', 'node01', '--lab', lab.name)
    await seeJobs(nodeContainer())
    terminal.stdin?.write("\u0003trap '' HUP; echo trap''ped\r")
    await seeOutput(terminal, /trapped/)
    killProgramOn(terminal)
    await seeHungUp(nodeContainer())
    expect(await listCommands(container)).toEqual(expect.arrayContaining([`sh -c ${SCRIPT}`, 'sleep 72001']))
  })

  it('when node-lab is killed with -9 at any moment of starting commands, then none of them is left', async () => {
    for (const { moment, isNow } of MOMENTS)
      for (const ms of [0, 40]) {
        const known = await listExecs(container)
        const words = ['exec', 'steady-node01', '--lab', lab.name, '--', 'sleep', '71003']
        const program = start(process.execPath, lab.program, ...words)
        await waitUntil({ what: moment, intervalMs: 5 }, async () => {
          const own = (await listExecs(container)).filter((id) => !known.includes(id))
          const states = (await Promise.all(own.map(readExec))).filter((exec) => OF_A_START.test(exec))
          if (!isNow(states)) throw new Error(states.join('\n'))
          return true
        })
        await delay(ms)
        program.kill('SIGKILL')
      }
    // Longer than the engine takes to start what was asked of it, and a watch to wait for that.
    await waitUntil({ what: 'nothing to be left', timeoutSeconds: 40, intervalMs: 500 }, async () => {
      const left = await listLeft(container)
      if (left.length > 0) throw new Error(left.join('\n'))
      return true
    })
    // Every watch has gone: what comes now comes for good.
    await delay(2000)
    expect(await listLeft(container)).toEqual([])
  })
})

/** Those that were made and have not ended. */
async function listExecs(id: string): Promise<string[]> {
  return (await engineApi<{ ExecIDs: string[] | null }>('GET', `/containers/${id}/json`)).ExecIDs ?? []
}

/** Such as `sleep 71003 runs`; empty when it has ended. */
async function readExec(id: string): Promise<string> {
  try {
    const { Running, ProcessConfig } = await engineApi<{
      Running: boolean
      ProcessConfig: { entrypoint: string; arguments: string[] }
    }>('GET', `/exec/${id}/json`)
    return [ProcessConfig.entrypoint, ...ProcessConfig.arguments, Running ? 'runs' : 'waits'].join(' ')
  } catch {
    return ''
  }
}
