/** `crictl ps` and `crictl pods`. */
import type { Clock } from '../../base/clock.ts'
import type { CriContainer, PodSandbox } from '../../container-runtime/cri.ts'
import { ListContainersResponse, ListPodSandboxResponse } from '../../container-runtime/grpc/schema.ts'
import type { Flag } from './flags.ts'
import { formatAge, formatTable, shortId } from './format.ts'
import { formatList, formatMap, outputFlag } from './output.ts'
import { toProtoJson } from './proto-json.ts'
import {
  CONTAINER_SELECTION_FLAGS,
  CONTAINER_STATES,
  podNameOf,
  podNamespaceOf,
  selectContainers,
  selectionFlags,
  selectPods,
} from './select.ts'
import { during, type Invocation, type Outcome, type Verb } from './verb.ts'

const listFlags = (what: string): Flag[] => [
  { name: 'id', kind: 'text', usage: `Only the ${what} with this ID` },
  { name: 'quiet', aliases: ['q'], kind: 'switch', usage: 'Only IDs' },
  {
    name: 'verbose',
    aliases: ['v'],
    kind: 'switch',
    usage: `Everything that is known of each ${what}, a line for each`,
  },
  { name: 'no-trunc', kind: 'switch', usage: 'Whole IDs' },
  outputFlag('json|yaml|table', 'table'),
]

export const PS: Verb = {
  name: 'ps',
  usage: 'List containers',
  flags: [
    ...CONTAINER_SELECTION_FLAGS,
    ...listFlags('container'),
    { name: 'all', aliases: ['a'], kind: 'switch', usage: 'Those that do not run, too' },
    {
      name: 'resolve-image-path',
      aliases: ['r'],
      kind: 'switch',
      usage: "The image's first name instead of what the pod calls it",
    },
  ],
  run: async (invocation) =>
    invocation.operands.length > 0 ? 'help' : during('listing containers', () => printContainers(invocation)),
}

export const PODS: Verb = {
  name: 'pods',
  usage: 'List pods',
  flags: [...selectionFlags('pod'), ...listFlags('pod')],
  run: (invocation) => during('listing pod sandboxes', () => printPods(invocation)),
}

async function printContainers(invocation: Invocation): Promise<Outcome> {
  const { flags, stdout, clock } = invocation
  const containers = await during('list containers', () => selectContainers(invocation))
  const listed = formatList(flags, () =>
    toProtoJson(ListContainersResponse, {
      containers: containers.map((container) => ({ ...container, imageId: container.imageRef })),
    }),
  )
  if (listed !== undefined) stdout(listed)
  else if (flags.isOn('quiet')) stdout(idLines(containers))
  else if (flags.isOn('verbose')) stdout(containers.map((one) => describeContainer(one, clock)).join(''))
  else stdout(await tabulateContainers(invocation, containers))
  return 'done'
}

async function tabulateContainers({ flags, images, clock }: Invocation, containers: CriContainer[]): Promise<string> {
  const shorten = flags.isOn('no-trunc') ? (id: string): string => id : shortId
  const resolve = async ({ image, imageRef }: CriContainer): Promise<string> => {
    const name = image.userSpecifiedImage ?? image.image
    if (flags.isOn('resolve-image-path')) return (await images.imageStatus({ image: imageRef }))?.repoTags[0] ?? name
    return /^sha256:[0-9a-f]{64}$/.test(name) ? shorten(name) : name
  }
  const rows = containers.map(async (container) => [
    shorten(container.id),
    await resolve(container),
    ageOf(container, clock),
    CONTAINER_STATES[container.state],
    container.metadata.name,
    String(container.metadata.attempt),
    shorten(container.podSandboxId),
    podNameOf(container),
    podNamespaceOf(container),
  ])
  const header = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE']
  return formatTable(header, await Promise.all(rows))
}

function describeContainer(container: CriContainer, clock: Clock): string {
  const { metadata, image } = container
  return [
    `ID: ${container.id}\n`,
    `PodID: ${container.podSandboxId}\n`,
    `Namespace: ${podNamespaceOf(container)}\n`,
    `Name: ${metadata.name}\n`,
    `Attempt: ${metadata.attempt}\n`,
    `State: ${CONTAINER_STATES[container.state]}\n`,
    `Image: ${image.userSpecifiedImage ?? image.image}\n`,
    `Created: ${ageOf(container, clock)}\n`,
    formatMap('Labels', container.labels),
    formatMap('Annotations', container.annotations),
    '\n',
  ].join('')
}

async function printPods(invocation: Invocation): Promise<Outcome> {
  const { flags, stdout, clock } = invocation
  const sandboxes = await during('list pod sandboxes', () => selectPods(invocation))
  const listed = formatList(flags, () => toProtoJson(ListPodSandboxResponse, { items: sandboxes }))
  if (listed !== undefined) stdout(listed)
  else if (flags.isOn('quiet')) stdout(idLines(sandboxes))
  else if (flags.isOn('verbose')) stdout(sandboxes.map((one) => describePod(one, clock)).join(''))
  else {
    const rows = sandboxes.map((sandbox) => [
      flags.isOn('no-trunc') ? sandbox.id : shortId(sandbox.id),
      ageOf(sandbox, clock),
      stateOf(sandbox),
      sandbox.metadata.name,
      sandbox.metadata.namespace,
      String(sandbox.metadata.attempt),
      '(default)',
    ])
    stdout(formatTable(['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], rows))
  }
  return 'done'
}

function describePod(sandbox: PodSandbox, clock: Clock): string {
  const { name, uid, namespace, attempt } = sandbox.metadata
  return [
    `ID: ${sandbox.id}\n`,
    `Name: ${name}\n`,
    `UID: ${uid}\n`,
    `Namespace: ${namespace}\n`,
    ...(attempt === 0 ? [] : [`Attempt: ${attempt}\n`]),
    `Status: ${stateOf(sandbox)}\n`,
    `Created: ${ageOf(sandbox, clock)}\n`,
    formatMap('Labels', sandbox.labels),
    formatMap('Annotations', sandbox.annotations),
    'Runtime: (default)\n\n',
  ].join('')
}

const stateOf = ({ state }: PodSandbox): string => (state === 'SANDBOX_READY' ? 'Ready' : 'NotReady')

function ageOf({ createdAt }: { createdAt: bigint }, clock: Clock): string {
  return formatAge(Number(createdAt / 1_000_000n), clock.now())
}

function idLines(items: readonly { id: string }[]): string {
  return items.map(({ id }) => `${id}\n`).join('')
}
