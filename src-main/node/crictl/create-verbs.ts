/** `crictl runp`, `create`, `start` and `run`: pods that no kubelet has asked for. */
import { randomUUID } from 'node:crypto'
import type { ContainerConfig, PodSandboxConfig, RuntimeService } from '../../container-runtime/cri.ts'
import { containerConfigFromWire, podSandboxConfigFromWire } from '../../container-runtime/grpc/convert-config.ts'
import {
  ContainerConfig as ContainerConfigMessage,
  PodSandboxConfig as PodSandboxConfigMessage,
} from '../../container-runtime/grpc/schema.ts'
import { readMessageFile } from './config-message.ts'
import { findId } from './find-id.ts'
import { CrictlError, during, type Invocation, type Verb } from './verb.ts'

const KUBELET_NOTE =
  'The kubelet removes it when it bears the label io.kubernetes.pod.uid; otherwise it stays until it is removed by hand.'

export const RUNP: Verb = {
  name: 'runp',
  usage: 'Run a new pod',
  operands: 'pod-config.[json|yaml]',
  description: KUBELET_NOTE,
  flags: [],
  async run({ operands, runtime, stdout }) {
    const [file, ...more] = operands
    if (file === undefined || more.length > 0) return 'help'
    stdout(`${await runPod(runtime, file)}\n`)
    return 'done'
  },
}

export const CREATE: Verb = {
  name: 'create',
  usage: 'Create a new container',
  operands: 'POD container-config.[json|yaml] pod-config.[json|yaml]',
  description: KUBELET_NOTE,
  flags: [
    { name: 'with-pull', kind: 'switch', usage: 'Pull the image first' },
    { name: 'no-pull', kind: 'switch', usage: 'Do not pull the image first' },
  ],
  async run(invocation) {
    const { operands, runtime, stdout } = invocation
    const [pod, containerFile, podFile, ...more] = operands
    if (pod === undefined || containerFile === undefined || podFile === undefined || more.length > 0) return 'help'
    const sandboxId = findId('sandbox', pod, await runtime.listPodSandbox())
    const id = await during('creating container', createContainer(invocation, sandboxId, containerFile, podFile))
    stdout(`${id}\n`)
    return 'done'
  },
}

export const START: Verb = {
  name: 'start',
  usage: 'Start containers that were created',
  operands: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [],
  async run({ operands, runtime, stdout }) {
    if (operands.length === 0) throw new CrictlError('ID cannot be empty')
    const containers = await runtime.listContainers()
    for (const operand of operands) {
      const id = findId('container', operand, containers)
      await startContainer(runtime, id, operand)
      stdout(`${operand}\n`)
    }
    return 'done'
  },
}

export const RUN: Verb = {
  name: 'run',
  usage: 'Run a new container in a new pod',
  operands: 'container-config.[json|yaml] pod-config.[json|yaml]',
  description: KUBELET_NOTE,
  flags: CREATE.flags,
  async run(invocation) {
    const { operands, runtime, stdout } = invocation
    const [containerFile, podFile, ...more] = operands
    if (containerFile === undefined || podFile === undefined || more.length > 0) return 'help'
    await during('running container', async () => {
      const sandboxId = await runPod(runtime, podFile)
      const id = await during(
        'creating container failed',
        createContainer(invocation, sandboxId, containerFile, podFile, !invocation.flags.isOn('no-pull')),
      )
      await startContainer(runtime, id)
      stdout(`${id}\n`)
    })
    return 'done'
  },
}

async function runPod(runtime: RuntimeService, file: string): Promise<string> {
  return during('run pod sandbox', runtime.runPodSandbox(readPodConfig(file)))
}

/** @param shownId as it was typed */
async function startContainer(runtime: RuntimeService, id: string, shownId = id): Promise<void> {
  await during(`starting the container ${JSON.stringify(shownId)}`, runtime.startContainer(id))
}

async function createContainer(
  { runtime, images, flags }: Invocation,
  sandboxId: string,
  containerFile: string,
  podFile: string,
  pulls = flags.isOn('with-pull'),
): Promise<string> {
  if (flags.isOn('no-pull') && flags.isOn('with-pull'))
    throw new CrictlError('conflict: no-pull and with-pull are both set')
  const config = readContainerConfig(containerFile)
  const sandboxConfig = readPodConfig(podFile)
  if (pulls) await during('pulling image', images.pullImage(config.image))
  return runtime.createContainer(sandboxId, config, sandboxConfig)
}

/** @throws CrictlError */
function readPodConfig(file: string): PodSandboxConfig {
  return inWords('load podSandboxConfig', () => {
    const message = readMessageFile(PodSandboxConfigMessage, file)
    if (message.metadata === undefined) throw new CrictlError('metadata is not set')
    const { name, namespace, uid } = message.metadata
    if (name === '' || namespace === '') throw new CrictlError('name or namespace is not in metadata')
    return podSandboxConfigFromWire(
      { ...message, metadata: { ...message.metadata, uid: uid || randomUUID() } },
      'config',
    )
  })
}

/** @throws CrictlError */
function readContainerConfig(file: string): ContainerConfig {
  return inWords('load containerConfig', () => {
    const message = readMessageFile(ContainerConfigMessage, file)
    if (message.metadata === undefined) throw new CrictlError('metadata is not set')
    if (message.metadata.name === '') throw new CrictlError('name is not in metadata')
    if (message.image === undefined) throw new CrictlError('image is not set')
    return containerConfigFromWire(message, 'config')
  })
}

function inWords<T>(words: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new CrictlError(words, error)
  }
}
