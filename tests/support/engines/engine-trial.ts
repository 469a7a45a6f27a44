/**
 * What an engine really does of the Docker API, point by point, asked as the runtime service asks. It tells what is
 * found; whether that is enough is decided elsewhere.
 */
import { existsSync, rmSync } from 'node:fs'
import { waitUntil } from '../wait-until.ts'
import { expectEqual, RUN_FOREVER, Trial, TRIAL_LABEL } from './trial-tools.ts'

const MIB = 2 ** 20

interface ToldEvent {
  Action: string
  Actor: { ID: string; Attributes: Record<string, string> }
}

interface Statistics {
  pids_stats?: { current?: number }
  cpu_stats?: { cpu_usage?: { total_usage?: number } }
  memory_stats?: { usage?: number; stats?: Record<string, number> }
}

/** Says what it sees, then `done`, and runs on. */
function says(script: string): string {
  return `${script}; echo done; ${RUN_FOREVER}`
}

function volumeMount(trial: Trial, subpath?: string): object {
  const options = { NoCopy: true, ...(subpath === undefined ? {} : { Subpath: subpath }) }
  return { Mounts: [{ Type: 'volume', Source: trial.name('volume'), Target: '/v', VolumeOptions: options }] }
}

/** In the order in which they are tried. */
const POINTS = {
  async 'create, start, wait, inspect'(trial) {
    const id = await trial.start('ends', 'exit 7')
    expectEqual('the exit code', await trial.wait(id), 7)
    const { Status: status, Running: running, ExitCode: code } = (await trial.inspect(id)).State
    expectEqual('the state', [status, running, code], ['exited', false, 7])
  },
  async 'a taken name is a conflict (409)'(trial) {
    await trial.create('twice', 'exit 0')
    const second = await trial.create('twice', 'exit 0').then(
      () => 201,
      (error: { statusCode?: number }) => error.statusCode,
    )
    expectEqual('the status', second, 409)
  },
  async 'lists by label'(trial) {
    const id = await trial.create('labelled', 'exit 0', { body: { Labels: { ...trial.labels, colour: 'red' } } })
    const ask = async (...label: string[]): Promise<string[]> => {
      const query = { all: true, filters: JSON.stringify({ label }) }
      return (await trial.engine.json<{ Id: string }[]>('/containers/json', { query })).map((found) => found.Id)
    }
    expectEqual('what is found', await ask(`${TRIAL_LABEL}=${trial.id}`, 'colour=red'), [id])
    expectEqual('what another label finds', await ask(`${TRIAL_LABEL}=${trial.id}`, 'colour=blue'), [])
  },
  async 'logs of both streams with stamps'(trial) {
    const id = await trial.start('says', 'echo one; sleep 0.3; echo two >&2')
    await trial.wait(id)
    expectEqual('the log', await trial.output(id), '1:one\n2:two\n')
    const stamped = await trial.output(id, { timestamps: true })
    if (!/^1:\d{4}-\d\d-\d\dT\S+\.\d{6,9}\S* one\n/.test(stamped)) throw new Error(`the stamps are those of ${stamped}`)
  },
  async 'logs that are followed'(trial) {
    const id = await trial.start('goes-on', 'echo one; sleep 1; echo two; sleep 1; echo three')
    expectEqual('the log', await trial.output(id, { follow: true }), '1:one\ntwo\nthree\n')
  },
  async 'logs since a moment'(trial) {
    const id = await trial.start('stamped', 'echo one; sleep 1.2; echo two')
    await trial.wait(id)
    const stamp = /(\d{4}-\S+) two/.exec(await trial.output(id, { timestamps: true }))?.[1] ?? ''
    const fraction = (/\.(\d+)/.exec(stamp)?.[1] ?? '').padEnd(9, '0')
    const since = `${Math.trunc(Date.parse(stamp) / 1000)}.${fraction}`
    expectEqual('the log', await trial.output(id, { since }), '1:two\n')
  },
  async exec(trial) {
    const id = await trial.start('worked-in', RUN_FOREVER)
    const { output, exitCode } = await trial.exec(id, 'cat; sleep 0.3; echo no >&2; exit 5', 'told\n')
    expectEqual('what it says', [output, exitCode], ['1:told\n2:no\n', 5])
  },
  async 'stop and kill'(trial) {
    const obeys = await trial.start('obeys', says("trap 'exit 3' TERM").replace("trap 'exit 0' TERM; ", ''))
    await trial.said(obeys)
    await trial.post(`/containers/${obeys}/stop`, { t: 20 })
    expectEqual('the exit code after stop', (await trial.inspect(obeys)).State.ExitCode, 3)
    const killed = await trial.start('killed', RUN_FOREVER)
    await trial.post(`/containers/${killed}/kill`, { signal: 'KILL' })
    expectEqual('the exit code after kill', await trial.wait(killed), 137)
    expectEqual('OOMKilled', (await trial.inspect(killed)).State.OOMKilled, false)
  },
  async OOMKilled(trial) {
    const limits = { Memory: 16 * MIB, MemorySwap: 16 * MIB }
    const id = await trial.start('greedy', 'x=a; while :; do x=$x$x; done', { hostConfig: limits })
    expectEqual('the exit code', await trial.wait(id), 137)
    expectEqual('OOMKilled', (await trial.inspect(id)).State.OOMKilled, true)
  },
  async 'events as Docker names them'(trial) {
    const label = [`${TRIAL_LABEL}=${trial.id}`]
    const filters = JSON.stringify({ type: ['container'], event: ['create', 'start', 'die', 'destroy'], label })
    const end = new AbortController()
    const stream = await trial.engine.stream('/events', { query: { filters }, signal: end.signal })
    let text = ''
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    // It ends with the abort.
    stream.on('error', () => undefined)
    try {
      const id = await trial.start('told-of', 'exit 4')
      await trial.wait(id)
      await trial.engine.text(`/containers/${id}`, { method: 'DELETE' })
      await waitUntil({ what: 'destroy, after other events', timeoutSeconds: 10 }, () => {
        if (!text.includes('"destroy"')) throw new Error([...text.matchAll(/"Action":"(\w+)"/g)].join(' '))
        return true
      })
      const lines = text.trim().split('\n')
      const told = lines.map((line) => JSON.parse(line) as ToldEvent).filter(({ Actor: actor }) => actor.ID === id)
      const actions = told.map(({ Action: action }) => action)
      expectEqual('the order', actions, ['create', 'start', 'die', 'destroy'])
      expectEqual('the exit code of "die"', told[2]?.Actor.Attributes['exitCode'], '4')
    } finally {
      end.abort()
    }
  },
  async 'statistics, with the parts of memory'(trial) {
    const id = await trial.start('measured', 'while :; do :; done')
    const query = { stream: false, 'one-shot': true }
    const stats = await trial.engine.json<Statistics>(`/containers/${id}/stats`, { query })
    const { usage = 0, stats: parts = {} } = stats.memory_stats ?? {}
    const inactive = parts['total_inactive_file'] ?? parts['inactive_file'] ?? -1
    const measured = { cpu: stats.cpu_stats?.cpu_usage?.total_usage ?? 0, processes: stats.pids_stats?.current ?? 0 }
    const isWhole = measured.cpu > 0 && measured.processes > 0 && usage > 0 && inactive >= 0
    if (!isWhole) throw new Error(JSON.stringify({ ...measured, memory: stats.memory_stats }))
  },
  async 'changed limits'(trial) {
    const limits = (mib: number): object => ({ Memory: mib * MIB, MemorySwap: mib * MIB })
    const id = await trial.start('changed', RUN_FOREVER, { hostConfig: limits(64) })
    await trial.engine.json(`/containers/${id}/update`, { method: 'POST', body: limits(32) })
    expectEqual('the limit', (await trial.inspect(id)).HostConfig.Memory, 32 * MIB)
  },
  async 'changed restart policy'(trial) {
    const policy = (name: string): object => ({ RestartPolicy: { Name: name } })
    const id = await trial.create('restarts', 'exit 0', { hostConfig: policy('always') })
    await trial.engine.json(`/containers/${id}/update`, { method: 'POST', body: policy('no') })
    expectEqual('the policy', (await trial.inspect(id)).HostConfig.RestartPolicy.Name, 'no')
  },
  async 'a network with a range, a fixed address and names'(trial) {
    const name = trial.name('network')
    const subnet = { Subnet: '172.29.77.0/24', IPRange: '172.29.77.128/25', Gateway: '172.29.77.1' }
    const ipam = { Driver: 'default', Config: [subnet] }
    const body = { Name: name, Driver: 'bridge', CheckDuplicate: true, Labels: trial.labels, IPAM: ipam }
    await trial.engine.json('/networks/create', { method: 'POST', body })
    const join = (endpoint: object): { body: object; hostConfig: object } => ({
      body: { NetworkingConfig: { EndpointsConfig: { [name]: endpoint } } },
      hostConfig: { NetworkMode: name },
    })
    const addressOf = async (id: string): Promise<string> =>
      (await trial.inspect(id)).NetworkSettings.Networks?.[name]?.IPAddress ?? ''
    const fixed = join({ IPAMConfig: { IPv4Address: '172.29.77.11' }, Aliases: ['node01'] })
    const serve = 'mkdir -p /srv; echo hello >/srv/word; exec httpd -f -p 80 -h /srv'
    expectEqual('the fixed address', await addressOf(await trial.start('fixed', serve, fixed)), '172.29.77.11')
    const ask = (host: string): string => `until wget -q -O - http://${host}/word; do sleep 0.2; done`
    const client = await trial.start('free', says(`${ask('172.29.77.11')}; ${ask('node01')}`), join({}))
    const last = Number((await addressOf(client)).split('.')[3])
    if (last < 128) throw new Error(`the free address ends with ${last}, which is not of the range`)
    const heard = (await trial.said(client)).match(/hello/g)?.length
    expectEqual('how often the server was heard', heard, 2)
  },
  async "another container's network and hostname"(trial) {
    const look = says('readlink /proc/self/ns/net; hostname')
    const pause = await trial.start('pause-n', look, { body: { Hostname: 'podname' } })
    const id = await trial.start('in-n', look, { hostConfig: { NetworkMode: `container:${pause}` } })
    expectEqual('what is inside', await trial.said(id), await trial.said(pause))
  },
  async "another container's IPC"(trial) {
    const look = says('readlink /proc/self/ns/ipc')
    const pause = await trial.start('pause-i', look, { hostConfig: { IpcMode: 'shareable' } })
    const id = await trial.start('in-i', look, { hostConfig: { IpcMode: `container:${pause}` } })
    expectEqual('the namespace', await trial.said(id), await trial.said(pause))
  },
  async "another container's processes"(trial) {
    const look = says('readlink /proc/self/ns/pid')
    const pause = await trial.start('pause-p', look)
    const id = await trial.start('in-p', look, { hostConfig: { PidMode: `container:${pause}` } })
    expectEqual('the namespace', await trial.said(id), await trial.said(pause))
  },
  async 'a missing source of a bind mount is refused, not made'(trial) {
    const source = `/tmp/${trial.name('missing')}`
    const mount = { Type: 'bind', Source: source, Target: '/v' }
    const start = trial.start('bound', 'exit 0', { hostConfig: { Mounts: [mount] } })
    const outcome = await start.then(
      () => 'accepted',
      () => 'refused',
    )
    const wasMade = existsSync(source)
    rmSync(source, { recursive: true, force: true })
    expectEqual('it', [outcome, wasMade ? 'made' : 'not made'], ['refused', 'not made'])
  },
  async 'sub-paths of volumes'(trial) {
    const body = { Name: trial.name('volume'), Labels: trial.labels }
    await trial.engine.json('/volumes/create', { method: 'POST', body })
    const fill = 'mkdir /v/inside && touch /v/inside/in /v/out && ln -s /etc /v/link && ln -s ../../../.. /v/climb'
    expectEqual('what filling says', await trial.runToEnd('fills', fill, volumeMount(trial)), '')
    expectEqual('what is seen', await trial.runToEnd('looks', 'ls /v', volumeMount(trial, 'inside')), '1:in\n')
  },
  async 'sub-paths that are links out of the volume are refused'(trial) {
    for (const link of ['link', 'climb']) {
      const seen = await trial.runToEnd(`looks-${link}`, 'ls /v', volumeMount(trial, link)).catch(() => 'refused')
      expectEqual(`what is seen through "${link}"`, seen, 'refused')
    }
  },
} satisfies Record<string, (trial: Trial) => Promise<void>>

export type TrialPoint = keyof typeof POINTS

/** What was found instead of what Docker does, for each point where that differs. Leaves nothing behind. */
export async function findDifferences(endpoint: string, image: string): Promise<Partial<Record<TrialPoint, string>>> {
  const trial = new Trial(endpoint, image)
  const found: Partial<Record<TrialPoint, string>> = {}
  try {
    for (const [point, attempt] of Object.entries(POINTS) as [TrialPoint, (trial: Trial) => Promise<void>][]) {
      try {
        await attempt(trial)
      } catch (error) {
        found[point] = error instanceof Error ? error.message : String(error)
      }
    }
  } finally {
    await trial.dispose()
  }
  return found
}
