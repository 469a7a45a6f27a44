/**
 * The safety policy as data: every field of the engine's create request that the runtime service can set, where its value
 * comes from, and what it may be. One source for three uses: no request that strays from it leaves the service
 * (`findPolicyBreach`), tests hold it against arbitrary pods, and docs/security.md shows it.
 */
import { DEFAULT_CAPABILITIES } from '../../common/lab/pod-policy.ts'
import type { EngineCreateBody, EngineHostConfig, EngineMount } from './engine-types.ts'
import { memoryVolumePrefix } from './compute-memory-volumes.ts'
import { computeVolumeSubpath } from './compute-mounts.ts'
import { MAX_CPU_SHARES, MAX_PROCESSES, MAX_SANDBOX_PROCESSES } from './policy-limits.ts'

/** Names in the engine that are this node's own. */
export interface PolicyScope {
  network: string
  volume: string
}

export interface PolicyRow {
  /** `HostConfig.` goes before the fields of HostConfig. */
  field: string
  /** Field of the Pod that the value comes from; a dash where nobody can choose it. */
  pod: string
  /** Field of CRI that carries it. */
  cri: string
  /** The allowed values in words, as Markdown. */
  values: string
  /** Whether a value is one of them. */
  allows: (value: unknown, scope: PolicyScope) => boolean
}

const isString = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isText = (value: unknown): boolean => isString(value) && !value.includes('\0')
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isOneOf =
  (...allowed: string[]) =>
  (value: unknown): boolean =>
    isString(value) && allowed.includes(value)
const areAll =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((item) => isString(item) && pattern.test(item))
const isWithin =
  (minimum: number, maximum: number) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum
const isExactly =
  (expected: unknown) =>
  (value: unknown): boolean =>
    JSON.stringify(value) === JSON.stringify(expected)

/** Another container's namespace; which one, the service has looked up among those of its own node. */
const isOtherContainer = (value: unknown): boolean => isString(value) && /^container:[0-9a-f]{64}$/.test(value)

function isVolumeSubpath(subpath: string): boolean {
  try {
    return computeVolumeSubpath(`/${subpath}`) === subpath
  } catch {
    // Refused: whatever the reason, the answer is no.
    return false
  }
}

function isOwnMount(value: unknown, { volume }: PolicyScope): boolean {
  const { Source: source, Target: target, ReadOnly: readOnly, VolumeOptions: options } = value as EngineMount
  if (!isString(source) || !isString(target) || !target.startsWith('/') || !isBoolean(readOnly)) return false
  const isExact = isExactly({
    Type: 'volume',
    Source: source,
    Target: target,
    ReadOnly: readOnly,
    VolumeOptions: options,
  })
  if (!isExact(value)) return false
  return source === volume ? isNodeVolumePart(options) : isMemoryVolume(source, options, volume)
}

function isNodeVolumePart(options: EngineMount['VolumeOptions']): boolean {
  const subpath = options?.Subpath
  return isString(subpath) && isExactly({ NoCopy: true, Subpath: subpath })(options) && isVolumeSubpath(subpath)
}

/** Sizes, an owner and a mode: nothing that names a device or a path. */
const TMPFS_OPTIONS = /^(size=\d+,)?(mode=1777|gid=\d+,mode=3777),nosuid,nodev$/

function isMemoryVolume(source: string, options: EngineMount['VolumeOptions'], volume: string): boolean {
  if (!source.startsWith(memoryVolumePrefix(volume))) return false
  const { Subpath: subpath, Labels: labels, DriverConfig: driver } = options ?? {}
  if (driver === undefined) {
    const isInside = subpath === undefined || (isString(subpath) && !subpath.split('/').includes('..'))
    return isInside && isExactly({ NoCopy: true, ...(subpath === undefined ? {} : { Subpath: subpath }) })(options)
  }
  const words = driver.Options?.o
  if (!isString(words) || !TMPFS_OPTIONS.test(words)) return false
  const expected = {
    NoCopy: true,
    Labels: labels,
    DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o: words } },
  }
  return isExactly(expected)(options) && Object.values(labels ?? {}).every(isString)
}

const NOBODY = '—'
const SECURITY = 'linux.security_context'
const RESOURCES = 'linux.resources'

const PROCESS_ROWS: readonly PolicyRow[] = [
  {
    field: 'Image',
    pod: '`containers[*].image`',
    cri: '`image`',
    values: 'id of an image that the engine has; for a sandbox the pause image of Node Lab',
    allows: (value) => isText(value) && value !== '',
  },
  {
    field: 'Hostname',
    pod: '`hostname`, `metadata.name`',
    cri: '`hostname` (sandbox)',
    values: 'at most 64 characters; absent in the network of the node',
    allows: (value) => isString(value) && value.length <= 64 && isText(value),
  },
  {
    field: 'User',
    pod: '`securityContext.runAsUser`, `runAsGroup`',
    cri: `\`${SECURITY}.run_as_*\``,
    values: 'a user, or `user:group`; numbers from 0 to 2147483647',
    allows: (value) => isString(value) && /^[^:\0]+(:\d+)?$/.test(value),
  },
  {
    field: 'Env',
    pod: '`containers[*].env`, `envFrom`',
    cri: '`envs`',
    values: 'texts with a name before `=`',
    allows: areAll(/^[^=\0]+=[^\0]*$/),
  },
  { field: 'Entrypoint', pod: '`containers[*].command`', cri: '`command`', values: 'any texts', allows: isTexts },
  { field: 'Cmd', pod: '`containers[*].args`', cri: '`args`', values: 'any texts', allows: isTexts },
  {
    field: 'WorkingDir',
    pod: '`containers[*].workingDir`',
    cri: '`working_dir`',
    values: 'any path; it is one inside of the container',
    allows: isText,
  },
  {
    field: 'StopSignal',
    pod: '`containers[*].lifecycle.stopSignal`',
    cri: '`stop_signal`',
    values: 'the name of a signal',
    allows: (value) => isString(value) && /^SIG[A-Z0-9+-]+$/.test(value),
  },
  { field: 'Tty', pod: '`containers[*].tty`', cri: '`tty`', values: 'true', allows: isBoolean },
  { field: 'OpenStdin', pod: '`containers[*].stdin`', cri: '`stdin`', values: 'true', allows: isBoolean },
  {
    field: 'StdinOnce',
    pod: '`containers[*].stdinOnce`',
    cri: '`stdin_once`',
    values: 'true or false',
    allows: isBoolean,
  },
  {
    field: 'Healthcheck',
    pod: NOBODY,
    cri: NOBODY,
    values: 'always none: the kubelet probes',
    allows: isExactly({ Test: ['NONE'] }),
  },
  {
    field: 'Labels',
    pod: '`metadata.labels`, `metadata.annotations`',
    cri: '`labels`, `annotations`',
    values:
      'texts; `io.node-lab.*` and `com.docker.*` are refused, and lab, node, role and boot are set by the service',
    allows: (value) => typeof value === 'object' && value !== null && Object.values(value).every(isString),
  },
  {
    field: 'NetworkingConfig',
    pod: NOBODY,
    cri: NOBODY,
    values: 'the network of the lab, without further settings (sandbox only)',
    allows: (value, { network }) => isExactly({ EndpointsConfig: { [network]: {} } })(value),
  },
]

const NAMESPACE_ROWS: readonly PolicyRow[] = [
  {
    field: 'HostConfig.NetworkMode',
    pod: '`hostNetwork`',
    cri: `\`${SECURITY}.namespace_options.network\``,
    values:
      'sandbox: the network of the lab, or with `hostNetwork` the node container; container: its sandbox or the node',
    allows: (value, { network }) => value === network || isOtherContainer(value),
  },
  {
    field: 'HostConfig.IpcMode',
    pod: '`hostIPC`',
    cri: `\`${SECURITY}.namespace_options.ipc\``,
    values: 'sandbox: `shareable`, or with `hostIPC` the node container; container: its sandbox or the node',
    allows: (value) => value === 'shareable' || isOtherContainer(value),
  },
  {
    field: 'HostConfig.PidMode',
    pod: '`hostPID`, `shareProcessNamespace`, ephemeral containers',
    cri: `\`${SECURITY}.namespace_options.pid\`, \`target_id\``,
    values: 'absent (one of its own), the sandbox, the node container, or a container of the same pod',
    allows: isOtherContainer,
  },
  {
    field: 'HostConfig.Mounts',
    pod: '`containers[*].volumeMounts`, `volumes[*]`, `dnsPolicy`, `dnsConfig`',
    cri: '`mounts`, `dns_config` (sandbox)',
    values:
      'only `Type: volume` with the volume of the node and a sub-path of it: no `..`, not the manifest folder; or a ' +
      'volume in memory of the pod, which its sandbox makes as a tmpfs with a size, a group and a mode; no propagation; ' +
      'read-only or not. No path of the computer itself has a place in it',
    allows: (value, scope) => Array.isArray(value) && value.every((mount) => isOwnMount(mount, scope)),
  },
]

const RIGHTS_ROWS: readonly PolicyRow[] = [
  {
    field: 'HostConfig.CapAdd',
    pod: '`securityContext.capabilities.add`',
    cri: `\`${SECURITY}.capabilities.add_capabilities\``,
    values: `only those that Docker gives every container: ${DEFAULT_CAPABILITIES.join(', ')}`,
    allows: (value) => Array.isArray(value) && value.every(isOneOf(...DEFAULT_CAPABILITIES)),
  },
  {
    field: 'HostConfig.CapDrop',
    pod: '`securityContext.capabilities.drop`',
    cri: `\`${SECURITY}.capabilities.drop_capabilities\``,
    values: 'any names; a sandbox drops ALL',
    allows: areAll(/^[A-Z_]+$/),
  },
  {
    field: 'HostConfig.SecurityOpt',
    pod: '`securityContext.allowPrivilegeEscalation: false`',
    cri: `\`${SECURITY}.no_new_privs\``,
    values: 'only `no-new-privileges`; a sandbox always has it',
    allows: isExactly(['no-new-privileges']),
  },
  {
    field: 'HostConfig.ReadonlyRootfs',
    pod: '`securityContext.readOnlyRootFilesystem`',
    cri: `\`${SECURITY}.readonly_rootfs\``,
    values: 'true',
    allows: isExactly(true),
  },
  {
    field: 'HostConfig.GroupAdd',
    pod: '`securityContext.supplementalGroups`, `fsGroup`',
    cri: `\`${SECURITY}.supplemental_groups\``,
    values: 'numbers from 0 to 2147483647',
    allows: areAll(/^\d{1,10}$/),
  },
]

const RESOURCE_ROWS: readonly PolicyRow[] = [
  {
    field: 'HostConfig.PidsLimit',
    pod: 'the kubelet’s `podPidsLimit`',
    cri: `\`${RESOURCES}.unified["pids.max"]\``,
    values: `from 1 to ${MAX_PROCESSES} for a container, ${MAX_SANDBOX_PROCESSES} for a sandbox: processes and threads`,
    allows: isWithin(1, MAX_PROCESSES),
  },
  {
    field: 'HostConfig.Memory',
    pod: '`resources.limits.memory`',
    cri: `\`${RESOURCES}.memory_limit_in_bytes\``,
    values: 'bytes; absent without a limit',
    allows: isWithin(1, Number.MAX_SAFE_INTEGER),
  },
  {
    field: 'HostConfig.MemorySwap',
    pod: '`resources.limits.memory`',
    cri: `\`${RESOURCES}.memory_limit_in_bytes\``,
    values: 'the same: no swap beyond the limit',
    allows: isWithin(1, Number.MAX_SAFE_INTEGER),
  },
  {
    field: 'HostConfig.CpuShares',
    pod: '`resources.requests.cpu`',
    cri: `\`${RESOURCES}.cpu_shares\``,
    values: `2 to ${MAX_CPU_SHARES}; what is beyond is cut`,
    allows: isWithin(2, MAX_CPU_SHARES),
  },
  {
    field: 'HostConfig.CpuPeriod',
    pod: '`resources.limits.cpu`',
    cri: `\`${RESOURCES}.cpu_period\``,
    values: '1000 to 1000000 (µs)',
    allows: isWithin(1000, 1_000_000),
  },
  {
    field: 'HostConfig.CpuQuota',
    pod: '`resources.limits.cpu`',
    cri: `\`${RESOURCES}.cpu_quota\``,
    values: 'from 1000 (µs); absent without a limit, −1 to take one away',
    allows: (value) => value === -1 || isWithin(1000, Number.MAX_SAFE_INTEGER)(value),
  },
  {
    field: 'HostConfig.OomScoreAdj',
    pod: NOBODY,
    cri: `\`${RESOURCES}.oom_score_adj\``,
    values: '0 to 1000; a score below 0 becomes 0, so that no pod outlives the programs of the user',
    allows: isWithin(0, 1000),
  },
  {
    field: 'HostConfig.RestartPolicy',
    pod: NOBODY,
    cri: NOBODY,
    values: 'always `no`: only the kubelet restarts',
    allows: isExactly({ Name: 'no' }),
  },
  {
    field: 'HostConfig.LogConfig',
    pod: NOBODY,
    cri: NOBODY,
    values: 'always `json-file`, two files of 20 MB at most',
    allows: isExactly({ Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '2' } }),
  },
  { field: 'HostConfig.Init', pod: NOBODY, cri: NOBODY, values: 'always false', allows: isExactly(false) },
]

export const POLICY_TABLE: readonly PolicyRow[] = [...PROCESS_ROWS, ...NAMESPACE_ROWS, ...RIGHTS_ROWS, ...RESOURCE_ROWS]

function findBreach(fields: [field: string, value: unknown][], scope: PolicyScope): string | undefined {
  return fields.find(([field, value]) => {
    const row = POLICY_TABLE.find((candidate) => candidate.field === field)
    return row === undefined || !row.allows(value, scope)
  })?.[0]
}

/** The first field of settings for the engine that the table does not know, or whose value it does not allow. */
export function findHostConfigBreach(hostConfig: Partial<EngineHostConfig>, scope: PolicyScope): string | undefined {
  const fields = Object.entries(hostConfig).map(([key, value]): [string, unknown] => [`HostConfig.${key}`, value])
  return findBreach(fields, scope)
}

/** The same for a whole create request. */
export function findPolicyBreach(body: EngineCreateBody, scope: PolicyScope): string | undefined {
  const { HostConfig: hostConfig, ...others } = body
  return findBreach(Object.entries(others), scope) ?? findHostConfigBreach(hostConfig, scope)
}

/** The table of docs/security.md. */
export function renderPolicyTable(): string {
  const rows = POLICY_TABLE.map(({ field, pod, cri, values }) => `| \`${field}\` | ${pod} | ${cri} | ${values} |`)
  return [
    '| field of the engine’s request | from the Pod’s | via CRI’s | allowed values |',
    '|---|---|---|---|',
    ...rows,
  ]
    .map((line) => `${line}\n`)
    .join('')
}
