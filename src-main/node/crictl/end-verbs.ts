/** `crictl stop`, `rm`, `stopp` and `rmp`: what a kubelet then heals. */
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { findId } from './find-id.ts'
import type { Flag } from './flags.ts'
import { CrictlError, describeError, during, type Invocation, type Outcome, type Verb } from './verb.ts'

const all = (usage: string): Flag => ({ name: 'all', aliases: ['a'], kind: 'switch', usage })
const force = (what: string): Flag => ({
  name: 'force',
  aliases: ['f'],
  kind: 'switch',
  usage: `Stop ${what} that runs`,
})

export const STOP: Verb = {
  name: 'stop',
  usage: 'Stop running containers',
  operands: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [
    {
      name: 'timeout',
      aliases: ['t'],
      kind: 'integer',
      defaultText: '0',
      usage: 'Seconds that a container has to end by itself, before it is killed',
    },
    all('All running containers'),
  ],
  run: stopContainers,
}

export const RM: Verb = {
  name: 'rm',
  usage: 'Remove containers',
  operands: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [
    force('a container'),
    all('All containers'),
    { name: 'keep-logs', aliases: ['k'], kind: 'switch', usage: 'Leave the log file where it is' },
  ],
  async run(invocation) {
    const { operands, flags, runtime, log } = invocation
    const containers = await runtime.listContainers()
    const ids = flags.isOn('all')
      ? containers.map(({ id }) => id)
      : operands.map((operand) => findId('container', operand, containers))
    if (ids.length === 0 && !flags.isOn('all')) return 'help'
    if (ids.length === 0) log('info', 'No containers to remove')
    return removeEach(ids, (id) => removeContainer(invocation, id))
  },
}

export const STOPP: Verb = {
  name: 'stopp',
  usage: 'Stop running pods',
  operands: 'POD-ID [POD-ID...]',
  flags: [],
  async run({ operands, runtime, stdout }) {
    if (operands.length === 0) return 'help'
    const sandboxes = await runtime.listPodSandbox()
    for (const operand of operands) {
      const id = findId('sandbox', operand, sandboxes)
      await during(`stopping the pod sandbox ${JSON.stringify(operand)}`, runtime.stopPodSandbox(id))
      stdout(`Stopped sandbox ${operand}\n`)
    }
    return 'done'
  },
}

export const RMP: Verb = {
  name: 'rmp',
  usage: 'Remove pods',
  operands: 'POD-ID [POD-ID...]',
  flags: [force('a pod'), all('All pods')],
  async run(invocation) {
    const { operands, flags, runtime, log } = invocation
    const sandboxes = await runtime.listPodSandbox()
    const ids = flags.isOn('all')
      ? sandboxes.map(({ id }) => id)
      : operands.map((operand) => findId('sandbox', operand, sandboxes))
    if (ids.length === 0 && !flags.isOn('all')) return 'help'
    if (ids.length === 0) log('info', 'No pods to remove')
    return removeEach(ids, (id) => removePod(invocation, id))
  },
}

async function stopContainers({ operands, flags, runtime, stdout }: Invocation): Promise<Outcome> {
  const isAll = flags.isOn('all')
  if (isAll && operands.length > 0) throw new CrictlError('cannot specify CONTAINER-ID(s) when using --all')
  if (!isAll && operands.length === 0) throw new CrictlError('you must specify at least one CONTAINER-ID or use --all')
  const containers = await runtime.listContainers(isAll ? { state: 'CONTAINER_RUNNING' } : undefined)
  if (isAll && containers.length === 0) stdout('No running containers found.\n')
  for (const operand of isAll ? containers.map(({ id }) => id) : operands) {
    const id = findId('container', operand, containers)
    const timeoutSeconds = flags.integer('timeout') ?? 0
    await during(`stopping the container ${JSON.stringify(operand)}`, runtime.stopContainer(id, timeoutSeconds))
    stdout(`${operand}\n`)
  }
  return 'done'
}

/** All at once; each that fails is told of. */
async function removeEach(ids: readonly string[], remove: (id: string) => Promise<void>): Promise<Outcome> {
  const failures = (await Promise.allSettled(ids.map(remove))).flatMap((result) =>
    result.status === 'rejected' ? [describeError(result.reason)] : [],
  )
  if (failures.length > 0) throw new CrictlError(failures.join('\n'))
  return 'done'
}

async function removeContainer({ flags, runtime, stdout, log }: Invocation, id: string): Promise<void> {
  const named = JSON.stringify(id)
  const { state, logPath } = await during(`getting container status ${named}`, runtime.containerStatus(id))
  if (state === 'CONTAINER_RUNNING') {
    if (!flags.isOn('force')) throw new CrictlError(`container ${named} is running, please stop it first`)
    await during(`stopping the container ${named}`, runtime.stopContainer(id, 0))
    stdout(`${id}\n`)
  }
  await during(`removing container ${named}`, runtime.removeContainer(id))
  stdout(`${id}\n`)
  if (flags.isOn('keep-logs') || logPath === '') return
  for (const file of await listLogFiles(logPath))
    await rm(file, { force: true }).catch((error: unknown) =>
      log('error', `removing log file ${file} for container ${named} failed: ${describeError(error)}`),
    )
}

/** With those that were rotated away. */
async function listLogFiles(logPath: string): Promise<string[]> {
  const folder = dirname(logPath)
  const names = await readdir(folder).catch(() => [] as string[])
  const name = basename(logPath)
  return names.filter((other) => other === name || other.startsWith(`${name}.`)).map((other) => join(folder, other))
}

async function removePod({ flags, runtime, stdout }: Invocation, id: string): Promise<void> {
  const named = JSON.stringify(id)
  const { state } = await during(`getting sandbox status of pod ${named}`, runtime.podSandboxStatus(id))
  if (state === 'SANDBOX_READY') {
    if (!flags.isOn('force')) throw new CrictlError(`pod sandbox ${named} is running, please stop it first`)
    await during(`stopping the pod sandbox ${named} failed`, runtime.stopPodSandbox(id))
    stdout(`Stopped sandbox ${id}\n`)
  }
  await during(`removing the pod sandbox ${named}`, runtime.removePodSandbox(id))
  stdout(`Removed sandbox ${id}\n`)
}
