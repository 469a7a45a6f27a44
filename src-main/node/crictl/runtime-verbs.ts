/** `crictl version`, `info`, `runtime-config` and `events`, and the verbs that this runtime has nothing behind. */
import { containerEventToWire } from '../../container-runtime/grpc/convert-status.ts'
import { ContainerEventResponse, StatusResponse } from '../../container-runtime/grpc/schema.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { renderGoTemplate } from './go-template.ts'
import { formatJson, formatStatuses, formatYaml, outputFlag, TEMPLATE_FLAG } from './output.ts'
import { toProtoJson } from './proto-json.ts'
import { CrictlError, during, type Invocation, type Outcome, type Verb } from './verb.ts'

export const VERSION: Verb = {
  name: 'version',
  usage: 'Show the version of the container runtime',
  flags: [],
  async run({ operands, runtime, stdout }) {
    if (operands.length > 0) return 'help'
    const version = await during('getting the runtime version', runtime.version())
    stdout(`Version:  ${version.version}\nRuntimeName:  ${version.runtimeName}\n`)
    stdout(`RuntimeVersion:  ${version.runtimeVersion}\nRuntimeApiVersion:  ${version.runtimeApiVersion}\n`)
    return 'done'
  },
}

export const INFO: Verb = {
  name: 'info',
  usage: 'Show the conditions of the container runtime',
  flags: [
    outputFlag('json|yaml|go-template', 'json'),
    { name: 'quiet', aliases: ['q'], kind: 'switch', usage: 'Without what the runtime tells beside its status' },
    TEMPLATE_FLAG,
  ],
  async run({ operands, flags, runtime, stdout }) {
    if (operands.length > 0) return 'help'
    const data = await during('getting status of runtime', async () => {
      const { status = {} } = toProtoJson(StatusResponse, { status: await runtime.status() })
      return { status, info: flags.isOn('quiet') ? {} : await runtime.statusInfo() }
    })
    stdout(formatStatuses([data], flags.text('output'), flags.text('template')))
    return 'done'
  },
}

export const RUNTIME_CONFIG: Verb = {
  name: 'runtime-config',
  usage: 'Show how the container runtime is configured',
  flags: [],
  async run({ runtime, stdout }) {
    const { cgroupDriver } = await during('get runtime config', runtime.runtimeConfig())
    stdout(`cgroup driver:   ${cgroupDriver}\n`)
    return 'done'
  },
}

export const EVENTS: Verb = {
  name: 'events',
  aliases: ['event'],
  usage: 'Show what happens to containers from now on',
  flags: [outputFlag('json|yaml|go-template', 'json'), TEMPLATE_FLAG],
  run: printEvents,
}

async function printEvents({ operands, flags, runtime, stdout, signal }: Invocation): Promise<Outcome> {
  if (operands.length > 0) return 'help'
  const [format, template] = [flags.text('output'), flags.text('template')]
  if (!['json', 'yaml', 'go-template'].includes(format))
    throw new CrictlError(`don't support ${JSON.stringify(format)} format`)
  if (format !== 'go-template' && template !== '')
    throw new CrictlError(`template can't be used with ${JSON.stringify(format)} format`)
  const onEvent: Parameters<typeof runtime.getContainerEvents>[0]['onEvent'] = (event) => {
    const value = toProtoJson(ContainerEventResponse, containerEventToWire(event))
    if (format === 'json') stdout(formatJson(value))
    else stdout(format === 'yaml' ? formatYaml(value) : `${renderGoTemplate(template, value)}\n`)
  }
  await during('getting container events', runtime.getContainerEvents({ signal, onEvent }))
  return 'done'
}

/** What CRI has and the runtime of a node does not: the answer is that of its gRPC server. */
function unimplemented(name: string, usage: string, words: string, method: string): Verb {
  const run = (): Promise<Outcome> => {
    const cause = new CriError('Unimplemented', `unknown method ${method} for service runtime.v1.RuntimeService`)
    return Promise.reject(new CrictlError(words, cause))
  }
  return { name, usage: `${usage} (the runtime of this node cannot)`, flags: [], run }
}

export const UNIMPLEMENTED_VERBS: Verb[] = [
  unimplemented(
    'checkpoint',
    'Checkpoint running containers',
    'checkpointing the container failed',
    'CheckpointContainer',
  ),
  unimplemented('metricsp', 'List metrics of pods', 'list pod metrics', 'ListPodSandboxMetrics'),
  unimplemented('metricdescs', 'List descriptors of metrics', 'list metric descriptors', 'ListMetricDescriptors'),
  {
    name: 'update',
    usage: 'Change limits of running containers (not on this node)',
    flags: [],
    run: () =>
      Promise.reject(new CrictlError("limits of containers are not changed by hand here: change the pod's manifest")),
  },
]
