import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const STATUS = path.resolve(
  import.meta.dirname,
  '../../../resources/images/node/rootfs/usr/lib/node-lab/unit-status.sh',
)

/** What `systemctl status` says of the kubelet's main process. */
function showProcesses(pid: number): string[] {
  const script = `. "$1"; declare -A state=([MainPID]=${pid} [ExitCode]= [LastPID]=${pid}); show_processes kubelet.service`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', STATUS], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').slice(0, -1)
}

describe('the main process in systemctl status', () => {
  it('given one that runs, then its tasks, memory and command are shown', () => {
    const lines = showProcesses(process.pid)
    expect(lines).toHaveLength(6)
    expect(lines[2]).toMatch(/^ {5}Memory: [\d.]+[KMG]$/)
    expect(lines[5]).toMatch(/└─\d+ .*node/)
  })

  it('given one that is just ending, or has ended, then its number is shown and no complaint of the shell', async () => {
    // The shell becomes a program that never asks how its child ended, which so stays as it is while it ends.
    const parent = spawn('bash', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(line.toString())
      await expect.poll(() => showProcesses(pid)).toEqual([`   Main PID: ${pid}`])
    } finally {
      parent.kill('SIGKILL')
    }
    expect(showProcesses(2 ** 22 + 1)).toEqual([`   Main PID: ${2 ** 22 + 1}`])
  })
})

/** What one of the functions prints, of a node whose only unit is the kubelet. */
function call(command: string, state = ''): string[] {
  const script = [
    '. "$1"; quiet= pager= properties= value_only= all_units= plain= legend= states= patterns=(); colour=',
    'RUN=/nowhere HOSTNAME=node01 UNIT_DIRS=(/etc/systemd/system /usr/lib/systemd/system)',
    'UNIT_LOAD_STATE=loaded UNIT_DESCRIPTION=Agent UNIT_EXEC_TEXT="/usr/bin/kubelet --v=2"',
    'list_unit_names() { echo kubelet.service; }; matches() { :; }; paint() { printf %s "$2"; }',
    `read_unit() { declare -gA state=([State]=active [MainPID]=0 [LastPID]=0 [StartedAt]=0 [EndedAt]=0 [CommandRun]=known ${state}); }`,
    'active_state() { echo "${state[State]}"; }; sub_state() { echo running; }; read_unit',
    command,
  ]
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script.join('\n'), 'bash', STATUS], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  })
  expect(stderr).toBe('')
  return stdout.split('\n').slice(0, -1)
}

describe('the latest run in systemctl show', () => {
  it.each([
    ['', 'start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0'],
    [
      '[LastPID]=7 [StartedAt]=1000',
      'start_time=[Thu 1970-01-01 00:00:01 UTC] ; stop_time=[n/a] ; pid=7 ; code=(null) ; status=0/0',
    ],
    [
      '[LastPID]=7 [StartedAt]=1000 [EndedAt]=2000 [ExitCode]=killed [ExitStatus]=9 [ExitName]=KILL',
      'start_time=[Thu 1970-01-01 00:00:01 UTC] ; stop_time=[Thu 1970-01-01 00:00:02 UTC] ; pid=7 ; code=killed ; status=9/KILL',
    ],
    [
      '[LastPID]=7 [StartedAt]=1000 [CommandRun]=awaited',
      'start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0',
    ],
  ])('given the state %j, then it is in ExecStart', (state, run) => {
    const command = 'path=/usr/bin/kubelet ; argv[]=/usr/bin/kubelet --v=2 ; ignore_errors=no'
    expect(call('describe_command', state)).toEqual([`{ ${command} ; ${run} }`])
  })
})

it.each([
  ['known', 2],
  ['', 1],
])(
  'given a process that has ended and a run that is %j, then the status has its command as well, or it only',
  (run, count) => {
    const state = `[LastPID]=7 [ExitCode]=exited [ExitStatus]=3 [CommandRun]=${run}`
    const lines = call('show_processes kubelet.service', state)
    expect(lines).toHaveLength(count)
    expect(lines.at(-1)).toBe('   Main PID: 7 (code=exited, status=3)')
  },
)

it('given the properties that show has, then the documentation says how many', () => {
  const [count] = call('echo ${#SHOWN[@]}')
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/node.md'), 'utf8')
  expect(/300 properties it has (\d+)/.exec(text)?.[1]).toBe(count)
})

describe('systemctl without a unit', () => {
  it('given a unit that failed, when asked for the status, then the node is degraded, and what runs is a tree', () => {
    const lines = call('show_manager_status', `[State]=failed [MainPID]=${process.pid}`)
    expect(lines.slice(0, 5)).toEqual([
      '● node01',
      '    State: degraded',
      '    Units: 1 loaded (incl. loaded aliases)',
      '     Jobs: 0 queued',
      '   Failed: 1 units',
    ])
    expect(lines.at(-2)).toBe('             └─kubelet.service')
    expect(lines.at(-1)).toMatch(/^ {15}└─\d+ .*node/)
  })

  it('given a unit that failed, when units are listed, then the mark takes one column', () => {
    expect(call('list_units', '[State]=failed').slice(0, 2)).toEqual([
      '  UNIT            LOAD   ACTIVE SUB     DESCRIPTION',
      '● kubelet.service loaded failed running Agent',
    ])
  })
})
