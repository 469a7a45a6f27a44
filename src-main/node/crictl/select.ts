/** The filters that listing, inspecting and running commands have in common. */
import type { ContainerRuntimeState, CriContainer, ImageService, PodSandbox } from '../../container-runtime/cri.ts'
import { POD_NAME_LABEL, POD_NAMESPACE_LABEL } from '../../common/api/kubelet-labels.ts'
import type { Flag, FlagValues } from './flags.ts'
import { CrictlError, during, type Invocation } from './verb.ts'

export const CONTAINER_STATES: Record<ContainerRuntimeState, string> = {
  CONTAINER_CREATED: 'Created',
  CONTAINER_RUNNING: 'Running',
  CONTAINER_EXITED: 'Exited',
  CONTAINER_UNKNOWN: 'Unknown',
}

export const LABEL_FLAG: Flag = { name: 'label', kind: 'texts', usage: 'Only with this label, key=value' }

const text = (name: string, usage: string, ...aliases: string[]): Flag => ({ name, aliases, kind: 'text', usage })

export function selectionFlags(what: 'container' | 'pod'): Flag[] {
  const states = what === 'container' ? 'created, running, exited or unknown' : 'ready or notready'
  return [
    text('name', `Only ${what}s whose name matches this regular expression`),
    text('state', `Only ${what}s in this state: ${states}`, 's'),
    LABEL_FLAG,
    { name: 'latest', aliases: ['l'], kind: 'switch', usage: `Only the newest ${what}, in whatever state` },
    { name: 'last', aliases: ['n'], kind: 'integer', usage: `Only the newest n ${what}s, in whatever state; 0: all` },
    text('namespace', 'Only of pods whose namespace matches this regular expression'),
  ]
}

export const CONTAINER_SELECTION_FLAGS: Flag[] = [
  ...selectionFlags('container'),
  text('pod', 'Only containers of the pod with this ID', 'p'),
  text('image', 'Only containers of this image'),
]

/** @throws CrictlError */
export function parseLabels(flags: FlagValues): Record<string, string> {
  const pairs = flags.texts('label').map((label): [string, string] => {
    const [key = '', value, ...more] = label.split('=')
    if (value === undefined || more.length > 0) throw new CrictlError(`incorrectly specified label: ${label}`)
    return [key, value]
  })
  return Object.fromEntries(pairs)
}

/** Newest first. @throws CrictlError, CriError */
export async function selectContainers({ flags, runtime, images }: Invocation): Promise<CriContainer[]> {
  const wantedState = computeWantedState(flags)
  const [id, podSandboxId] = [flags.text('id'), flags.text('pod')]
  const name = toPattern(flags.text('name'))
  const namespace = toPattern(flags.text('namespace'))
  const isOfImage = await imageMatcher(images, flags.text('image'))
  const containers = await during(
    'call list containers RPC',
    runtime.listContainers({
      ...(id === '' ? {} : { id }),
      ...(podSandboxId === '' ? {} : { podSandboxId }),
      ...(wantedState === undefined ? {} : { state: wantedState }),
      labelSelector: parseLabels(flags),
    }),
  )
  const found = containers.filter(
    (container) =>
      name.test(container.metadata.name) && namespace.test(podNamespaceOf(container)) && isOfImage(container.imageRef),
  )
  return newest(found, flags)
}

/** Newest first. @throws CrictlError, CriError */
export async function selectPods({ flags, runtime }: Invocation): Promise<PodSandbox[]> {
  const state = flags.text('state').toLowerCase()
  if (!['', 'ready', 'notready'].includes(state)) throw new CrictlError('--state should be ready or notready')
  const id = flags.text('id')
  const name = toPattern(flags.text('name'))
  const namespace = toPattern(flags.text('namespace'))
  const sandboxes = await during(
    'call list sandboxes RPC',
    runtime.listPodSandbox({
      ...(id === '' ? {} : { id }),
      ...(state === '' ? {} : { state: state === 'ready' ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY' }),
      labelSelector: parseLabels(flags),
    }),
  )
  const found = sandboxes.filter(({ metadata }) => name.test(metadata.name) && namespace.test(metadata.namespace))
  return newest(found, flags)
}

export function podNamespaceOf({ labels }: { labels: Record<string, string> }): string {
  return labels[POD_NAMESPACE_LABEL] ?? 'unknown'
}

export function podNameOf({ labels }: { labels: Record<string, string> }): string {
  return labels[POD_NAME_LABEL] ?? 'unknown'
}

/** `undefined`: any. Those that run, unless something else is asked for. */
function computeWantedState(flags: FlagValues): ContainerRuntimeState | undefined {
  const wanted = flags.text('state').toLowerCase()
  if (flags.isOn('latest') || (flags.integer('last') ?? 0) > 0) return undefined
  if (wanted === '') return flags.isOn('all') ? undefined : 'CONTAINER_RUNNING'
  const states = Object.entries(CONTAINER_STATES) as [ContainerRuntimeState, string][]
  const found = states.find(([, name]) => name.toLowerCase() === wanted)
  if (found === undefined) throw new CrictlError('--state should be one of created, running, exited or unknown')
  return found[0]
}

function toPattern(source: string): RegExp {
  try {
    return new RegExp(source)
  } catch (error) {
    throw new CrictlError(`invalid regular expression ${JSON.stringify(source)}`, error)
  }
}

/** By the id of the image, whatever name it is asked by; nothing is of an image that is not there. */
async function imageMatcher(images: ImageService, wanted: string): Promise<(imageRef: string) => boolean> {
  if (wanted === '') return () => true
  const image = await images.imageStatus({ image: wanted })
  return (imageRef) => imageRef === image?.id
}

function newest<T extends { createdAt: bigint }>(items: T[], flags: FlagValues): T[] {
  const sorted = items.sort((left, right) => Number(right.createdAt - left.createdAt))
  const last = flags.integer('last') ?? 0
  return last > 0 ? sorted.slice(0, last) : flags.isOn('latest') ? sorted.slice(0, 1) : sorted
}
