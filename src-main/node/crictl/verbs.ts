/** All verbs, and the options that stand before them. */
import { DEFAULT_CONFIGURATION_FILE } from './client-settings.ts'
import { completionVerb } from './completion-verb.ts'
import { CONFIG } from './config-verb.ts'
import { CREATE, RUN, RUNP, START } from './create-verbs.ts'
import { RM, RMP, STOP, STOPP } from './end-verbs.ts'
import type { Flag } from './flags.ts'
import { IMAGEFSINFO, IMAGES, INSPECTI, PULL, RMI } from './image-verbs.ts'
import { INSPECT, INSPECTP } from './inspect-verbs.ts'
import { ATTACH, EXEC, PORT_FORWARD } from './join-verbs.ts'
import { PODS, PS } from './list-verbs.ts'
import { LOGS } from './logs-verb.ts'
import { EVENTS, INFO, RUNTIME_CONFIG, UNIMPLEMENTED_VERBS, VERSION } from './runtime-verbs.ts'
import { STATS, STATSP } from './stats.ts'
import type { Verb } from './verb.ts'

export const GLOBAL_FLAGS: Flag[] = [
  {
    name: 'config',
    aliases: ['c'],
    kind: 'text',
    defaultText: DEFAULT_CONFIGURATION_FILE,
    usage: 'File with the options of crictl itself',
    environment: ['CRI_CONFIG_FILE'],
  },
  {
    name: 'runtime-endpoint',
    aliases: ['r'],
    kind: 'text',
    usage: 'Socket of the container runtime',
    environment: ['CONTAINER_RUNTIME_ENDPOINT'],
  },
  {
    name: 'image-endpoint',
    aliases: ['i'],
    kind: 'text',
    usage: 'Socket of the image service; the runtime’s unless given',
    environment: ['IMAGE_SERVICE_ENDPOINT'],
  },
  { name: 'timeout', aliases: ['t'], kind: 'duration', defaultText: '2s', usage: 'How long an answer is waited for' },
  { name: 'debug', aliases: ['D'], kind: 'switch', usage: 'Tell what is done' },
]

/** By name. */
export const VERBS: readonly Verb[] = [
  ...[
    ATTACH,
    CREATE,
    EXEC,
    VERSION,
    IMAGES,
    INSPECT,
    INSPECTI,
    IMAGEFSINFO,
    INSPECTP,
    LOGS,
    PORT_FORWARD,
    PS,
    PULL,
    RUN,
  ],
  ...[RUNP, RM, RMI, RMP, PODS, START, INFO, STOP, STOPP, CONFIG, STATS, STATSP, RUNTIME_CONFIG, EVENTS],
  ...UNIMPLEMENTED_VERBS,
  completionVerb(() => ({ verbs: VERBS, globalFlags: GLOBAL_FLAGS })),
].sort((left, right) => (left.name < right.name ? -1 : 1))
