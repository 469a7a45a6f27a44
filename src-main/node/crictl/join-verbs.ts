/** `crictl exec`, `attach` and `port-forward`: streams into containers and pods. */
import { findId } from './find-id.ts'
import type { Flag } from './flags.ts'
import { forwardPorts, parsePortPair } from './port-forward.ts'
import { CONTAINER_SELECTION_FLAGS, selectContainers } from './select.ts'
import { joinContainer } from './streams.ts'
import { CrictlError, describeError, during, type Invocation, type Outcome, type Verb } from './verb.ts'

const TTY_FLAG: Flag = { name: 'tty', aliases: ['t'], kind: 'switch', usage: 'With a terminal' }
const SELECTION_NAMES = ['name', 'pod', 'image', 'state', 'label', 'latest', 'last']

export const EXEC: Verb = {
  name: 'exec',
  usage: 'Run a command in a running container',
  operands: '[CONTAINER-ID] COMMAND [ARG...]',
  description: 'Without an ID when --image, --label, --last, --latest, --name, --pod or --state choose containers.',
  flags: [
    { name: 'sync', aliases: ['s'], kind: 'switch', usage: 'Wait for the whole output, and show it then' },
    {
      name: 'timeout',
      kind: 'integer',
      defaultText: '0',
      usage: 'Seconds that the command may take; only with --sync',
    },
    TTY_FLAG,
    { name: 'interactive', aliases: ['i'], kind: 'switch', usage: 'With the input of this program' },
    ...CONTAINER_SELECTION_FLAGS.filter(({ name }) => SELECTION_NAMES.includes(name)).map((flag) =>
      flag.name === 'state' ? { ...flag, aliases: [] } : flag,
    ),
    { name: 'quiet', aliases: ['q'], kind: 'switch', usage: 'Without the ID of each container that was chosen' },
    { name: 'ignore-errors', aliases: ['e'], kind: 'switch', usage: 'Take no notice of failures' },
  ],
  run: execute,
}

export const ATTACH: Verb = {
  name: 'attach',
  usage: 'Join the main process of a running container',
  operands: 'CONTAINER-ID',
  flags: [TTY_FLAG, { name: 'stdin', aliases: ['i'], kind: 'switch', usage: 'With the input of this program' }],
  async run(invocation) {
    const { operands, flags, runtime } = invocation
    const [operand, ...more] = operands
    if (operand === undefined) throw new CrictlError('ID cannot be empty')
    if (more.length > 0) return 'help'
    const containerId = findId('container', operand, await runtime.listContainers())
    const options = { containerId, tty: flags.isOn('tty'), interactive: flags.isOn('stdin'), command: undefined }
    await during('attaching running container failed', joinContainer(invocation, runtime, options))
    return 'done'
  },
}

export const PORT_FORWARD: Verb = {
  name: 'port-forward',
  usage: 'Forward ports of this node to a pod',
  operands: 'POD-ID [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  flags: [],
  async run(invocation) {
    const { operands, runtime } = invocation
    const [operand, ...ports] = operands
    if (operand === undefined || ports.length === 0) return 'help'
    const pairs = ports.map(parsePortPair)
    const id = findId('sandbox', operand, await runtime.listPodSandbox())
    await during('port forward', forwardPorts(invocation, runtime, id, pairs))
    return 'done'
  },
}

async function execute(invocation: Invocation): Promise<Outcome> {
  const { operands, flags, runtime, stdout, log } = invocation
  const isSelection = SELECTION_NAMES.some((name) => flags.isGiven(name))
  if (operands.length < (isSelection ? 1 : 2)) return 'help'
  const ids = isSelection
    ? (await during('listing containers', () => selectContainers(invocation))).map(({ id }) => id)
    : [findId('container', operands[0] ?? '', await runtime.listContainers())]
  if (ids.length === 0) {
    log('error', 'No containers found per filter flags')
    return 'help'
  }
  const command = operands.slice(isSelection ? 0 : 1)
  const failures: string[] = []
  for (const id of ids) {
    if (isSelection && !flags.isOn('quiet')) stdout(`${id}:\n`)
    try {
      await (flags.isOn('sync') ? executeToEnd(invocation, id, command) : executeStreaming(invocation, id, command))
    } catch (error) {
      failures.push(describeError(error))
    }
  }
  if (failures.length > 0 && !flags.isOn('ignore-errors')) throw new CrictlError(failures.join('\n'))
  return 'done'
}

async function executeStreaming(invocation: Invocation, containerId: string, command: string[]): Promise<void> {
  const { flags, runtime, terminal } = invocation
  const [tty, interactive] = [flags.isOn('tty'), flags.isOn('interactive')]
  await during(`execing command in container ${containerId}`, async () => {
    if (tty && !interactive) throw new CrictlError('tty=true must be specified with interactive=true')
    if (tty && !terminal.isTerminal) throw new CrictlError('input is not a terminal')
    refuseExitCode(await joinContainer(invocation, runtime, { containerId, tty, interactive, command }))
  })
}

async function executeToEnd(invocation: Invocation, id: string, command: string[]): Promise<void> {
  const { flags, runtime, stdout, stderr } = invocation
  await during(`execing command in container ${id} synchronously`, async () => {
    const result = await runtime.execSync(id, command, flags.integer('timeout') ?? 0)
    stdout(result.stdout)
    stderr(result.stderr)
    refuseExitCode(result.exitCode)
  })
}

function refuseExitCode(exitCode: number): void {
  if (exitCode !== 0) throw new CrictlError(`command terminated with exit code ${exitCode}`)
}
