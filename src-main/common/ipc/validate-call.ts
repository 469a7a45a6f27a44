/**
 * Run-time validation of what a renderer (or whoever speaks the IPC contract) sends. The tables mirror `IpcCalls` and
 * `IpcStreams`: a channel, or a field, without its rule does not compile.
 */
import { isLabError, LabError } from '../lab-error.ts'
import { componentFault } from '../lab/control-plane-components.ts'
import { labNameFault, manifestNameFault, nodeNameFault, utf8Length } from '../lab/names.ts'
import { manifestVersionFault } from '../lab/manifest-version.ts'
import { MAX_ARCHIVE_BYTES } from '../lab/lab-archive.ts'
import { NODE_SETTING_NAMES, type NodeSettingChange } from '../lab/node-settings.ts'
import { MAX_NODES } from '../lab/lab-spec-validation.ts'
import { MAX_SIMULATED_NODES } from '../lab/simulated-nodes.ts'
import { MAX_TERMINAL_INPUT, MAX_TERMINAL_SIZE, type TerminalTarget } from '../lab/terminal.ts'
import { MAX_MANIFEST_BYTES } from '../manifest/decode-manifest.ts'
import { MENDS, type Mend } from '../doctor/doctor-report.ts'
import { SETTING_NAMES, settingFault, type SettingsChange } from '../settings/settings.ts'
import { checkDNS1123Label, checkDNS1123Subdomain } from '../validation/names.ts'
import type { IpcCallName, IpcCalls } from './calls.ts'
import type { IpcStreamName, IpcStreams } from './streams.ts'

/** What is wrong with a value, as `has to be …`; nothing when it is right. */
type Check = (value: unknown) => string | undefined

interface Rule<Value, Optional extends boolean> {
  check: Check
  optional: Optional
  /** Never set: it ties the rule to the type of the field. */
  readonly type?: Value
}

type Rules<Parameters> = {
  [Field in keyof Parameters]-?: Rule<
    Exclude<Parameters[Field], undefined>,
    Record<never, never> extends Pick<Parameters, Field> ? true : false
  >
}

/** As `TaskTracker` gives them. */
const TASK_ID = /^[a-z0-9-]{1,64}$/
const MAX_TAIL_LINES = 1_000_000
const MAX_IMAGES = 100
const MAX_LABS = 1000
const MAX_PATH_LENGTH = 4096
const MAX_ARCHIVE_BASE64 = Math.ceil(MAX_ARCHIVE_BYTES / 3) * 4
const MAX_IMAGE_NAME_LENGTH = 1024
const MAX_NODE_SETTING_LENGTH = 4096

const lab = named(labNameFault)
const node = named(nodeNameFault)
const manifest = named(manifestNameFault)
const namespace = named((name) => checkDNS1123Label(name)[0])
const pod = named((name) => checkDNS1123Subdomain(name)[0])
const container = named((name) => checkDNS1123Label(name)[0])
const component = named(componentFault)
const content: Rule<string, false> = { optional: false, check: contentFault }
const archiveContent = named((text) =>
  text.length > MAX_ARCHIVE_BASE64
    ? `has more than ${MAX_ARCHIVE_BASE64} characters, more than a lab's file has`
    : undefined,
)
const archivePath = named((path) =>
  path === '' || path.length > MAX_PATH_LENGTH || path.includes('\0') ? 'is no path of a file' : undefined,
)
const boolean: Rule<boolean, false> = {
  optional: false,
  check: (value) => (typeof value === 'boolean' ? undefined : 'has to be true or false'),
}
const flag = optional(boolean)
const mendRule: Rule<Mend, false> = {
  optional: false,
  check: (value) => (MENDS.some((mend) => mend === value) ? undefined : `has to be one of ${MENDS.join(', ')}`),
}
const labs: Rule<string[], false> = { optional: false, check: labsFault }
const settingsChange: Rule<SettingsChange, false> = { optional: false, check: settingsChangeFault }
const nodeSettingChange: Rule<NodeSettingChange, false> = { optional: false, check: nodeSettingChangeFault }

const nodeTarget = { lab, node }
const containerTarget = { ...nodeTarget, namespace, pod, container: optional(container) }
const nothing: Rules<Record<never, never>> = {}
/** Of an experiment or a hypothesis. */
const word = named((text) => (/^[a-z\d-]{1,63}$/.test(text) ? undefined : 'is not a name such as delete-pod'))
const terminal = named((id) => (/^[\w-]{22}$/.test(id) ? undefined : 'is not the id of a terminal'))
const terminalSize = { columns: integer(2, MAX_TERMINAL_SIZE), rows: integer(1, MAX_TERMINAL_SIZE) }
const input = named((data) =>
  data.length > MAX_TERMINAL_INPUT ? `has more than ${MAX_TERMINAL_INPUT} characters` : undefined,
)

const TERMINAL_TARGET_RULES: {
  [Kind in TerminalTarget['kind']]: Rules<Omit<TerminalTarget & { kind: Kind }, 'kind'>>
} = {
  node: { node },
  container: { node, namespace, pod, container: optional(container) },
  kubectl: nothing,
}
const terminalTarget: Rule<TerminalTarget, false> = { optional: false, check: terminalTargetFault }

const CALL_RULES: { [Name in IpcCallName]: Rules<IpcCalls[Name]['parameters']> } = {
  'app/info': nothing,
  'app/take-link': nothing,
  'engine/status': nothing,
  'lab/list': nothing,
  'lab/up': { lab, nodes: optional(integer(1, MAX_NODES)), controlPlane: flag },
  'lab/down': { lab },
  'lab/delete': { lab },
  'lab/rename': { lab, name: lab },
  'lab/clone': { lab, name: lab, up: flag },
  'lab/export': { lab },
  'lab/import': { content: optional(archiveContent), path: optional(archivePath), name: optional(lab), up: flag },
  'control-plane/set': { lab, scheduleDaemonSetPods: boolean },
  'node/views': { lab },
  'cluster/view': { lab },
  'cluster/delete-pod': { lab, namespace, pod },
  'cluster/node-pods': nodeTarget,
  'cluster/pod-events': { lab, namespace, pod },
  'node/add': { lab, node: optional(node) },
  'node/remove': nodeTarget,
  'node/start': nodeTarget,
  'node/stop': nodeTarget,
  'node/power-off': nodeTarget,
  'node/containers': nodeTarget,
  'node/set-schedulable': { ...nodeTarget, schedulable: boolean },
  'node/drain': nodeTarget,
  'node/start-kubelet': nodeTarget,
  'node/stop-kubelet': nodeTarget,
  'node/settings': nodeTarget,
  'node/change-settings': { ...nodeTarget, change: nodeSettingChange },
  'component/list': { lab },
  'component/start': { lab, component },
  'component/stop': { lab, component },
  'node/restart-kubelet': nodeTarget,
  'node/open-folder': nodeTarget,
  'manifest/read': { ...nodeTarget, name: manifest },
  'manifest/apply': { ...nodeTarget, name: manifest, content, replace: flag },
  'manifest/remove': { ...nodeTarget, name: manifest },
  'simulated/add': { lab, count: integer(1, MAX_SIMULATED_NODES) },
  'simulated/remove': { lab },
  'image/missing': { images: { optional: false, check: imagesFault } },
  'manifest/history': { ...nodeTarget, name: optional(manifest) },
  'manifest/version': { ...nodeTarget, name: manifest, version: named(manifestVersionFault) },
  'sample/list': nothing,
  'pod/crash': containerTarget,
  'terminal/open': { lab, target: terminalTarget, ...terminalSize },
  'terminal/list': { lab },
  'terminal/input': { terminal, data: input },
  'terminal/resize': { terminal, ...terminalSize },
  'terminal/close': { terminal },
  'timeline/list': { lab, node: optional(node) },
  'doctor/report': nothing,
  'doctor/run': nothing,
  'doctor/mend': { mend: mendRule },
  'action/list': { lab },
  'logs/collect': nothing,
  'reset/plan': nothing,
  'reset/run': { labs, settings: boolean, images: boolean },
  'experiment/list': nothing,
  'experiment/run': { lab, experiment: word, hypothesis: optional(word), deployment: flag },
  'experiment/results': { lab },
  'experiment/forget': { lab },
  'comparison/state': { lab },
  'comparison/set-up': { lab, deployment: boolean },
  'comparison/remove': { lab },
  'settings/read': nothing,
  'settings/write': { change: settingsChange, replaceBroken: flag },
  'task/list': nothing,
  'task/cancel': { id: named((id) => (TASK_ID.test(id) ? undefined : 'is not the id of a task')) },
}

const STREAM_RULES: { [Name in IpcStreamName]: Rules<IpcStreams[Name]['parameters']> } = {
  'pod/logs': { ...containerTarget, previous: flag, tailLines: optional(integer(0, MAX_TAIL_LINES)), timestamps: flag },
  'terminal/output': { terminal, from: optional(integer(0, Number.MAX_SAFE_INTEGER)) },
}

export type ValidCall<Name extends IpcCallName = IpcCallName> = { name: Name; parameters: IpcCalls[Name]['parameters'] }
export type ValidStream = {
  [Name in IpcStreamName]: { name: Name; parameters: IpcStreams[Name]['parameters'] }
}[IpcStreamName]

/**
 * A call as its types promise it: a known channel, exactly the declared fields, each of its type and within its bounds.
 * @throws LabError BadRequest naming channel and field
 */
export function validateCall(name: unknown, parameters: unknown): ValidCall {
  if (!isCallName(name)) throw unknownName('call', name)
  return { name, parameters: checked<IpcCalls[IpcCallName]['parameters']>(name, CALL_RULES[name], parameters) }
}

/** As `validateCall`, for opening a stream. @throws LabError BadRequest naming stream and field */
export function validateStream(name: unknown, parameters: unknown): ValidStream {
  if (!isStreamName(name)) throw unknownName('stream', name)
  const valid = checked<IpcStreams[IpcStreamName]['parameters']>(name, STREAM_RULES[name], parameters)
  // The rules of that very name have been passed.
  return { name, parameters: valid } as ValidStream
}

function isCallName(name: unknown): name is IpcCallName {
  return typeof name === 'string' && Object.hasOwn(CALL_RULES, name)
}

function isStreamName(name: unknown): name is IpcStreamName {
  return typeof name === 'string' && Object.hasOwn(STREAM_RULES, name)
}

/** An object of one of the known kinds with exactly the fields of that kind. */
function terminalTargetFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'has to be an object'
  const { kind, ...fields } = value as Record<string, unknown>
  if (typeof kind !== 'string' || !Object.hasOwn(TERMINAL_TARGET_RULES, kind))
    return `kind: has to be one of ${Object.keys(TERMINAL_TARGET_RULES).join(', ')}`
  try {
    checked<object>('target', TERMINAL_TARGET_RULES[kind as TerminalTarget['kind']] as Rules<object>, fields)
    return undefined
  } catch (error) {
    if (isLabError(error)) return error.message.replace(/^target: /, '')
    throw error
  }
}

/** A fresh object with the declared fields only; an optional field that is `undefined` counts as absent. */
function checked<Parameters>(channel: string, rules: Rules<Parameters>, parameters: unknown): Parameters {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw badRequest(channel, undefined, 'the parameters have to be an object')
  }
  const given = new Map<string, unknown>(Object.entries(parameters))
  const result: Record<string, unknown> = {}
  for (const [field, rule] of Object.entries<Rule<unknown, boolean>>(rules)) {
    const value = given.get(field)
    given.delete(field)
    if (value === undefined) {
      if (rule.optional) continue
      throw badRequest(channel, field, 'is missing')
    }
    const fault = rule.check(value)
    if (fault !== undefined) throw badRequest(channel, field, fault)
    result[field] = value
  }
  for (const field of given.keys()) throw badRequest(channel, field.slice(0, 100), 'is not known')
  // Every declared field has passed its own rule, and there are no others.
  return result as Parameters
}

function badRequest(channel: string, field: string | undefined, problem: string): LabError {
  const subject = field === undefined ? problem : `${field}: ${problem}`
  const details: Record<string, string> = field === undefined ? { channel } : { channel, field }
  return new LabError({ kind: 'BadRequest', message: `${channel}: ${subject}`, details })
}

function unknownName(what: 'call' | 'stream', name: unknown): LabError {
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 100)) : typeof name
  return new LabError({ kind: 'BadRequest', message: `There is no ${what} ${shown}` })
}

function named(fault: (name: string) => string | undefined): Rule<string, false> {
  return { optional: false, check: (value) => (typeof value === 'string' ? fault(value) : 'has to be text') }
}

function integer(minimum: number, maximum: number): Rule<number, false> {
  const fault = `has to be a whole number from ${minimum} to ${maximum}`
  const check: Check = (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum ? undefined : fault
  return { optional: false, check }
}

function optional<Value>(rule: Rule<Value, false>): Rule<Value, true> {
  return { ...rule, optional: true }
}

function contentFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'has to be text'
  const tooLarge = value.length > MAX_MANIFEST_BYTES || utf8Length(value) > MAX_MANIFEST_BYTES
  return tooLarge ? `has more than ${MAX_MANIFEST_BYTES} bytes, which a kubelet does not read` : undefined
}

function imagesFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > MAX_IMAGES) return `has to be a list of at most ${MAX_IMAGES} image names`
  const isName = (name: unknown): boolean => typeof name === 'string' && name.length <= MAX_IMAGE_NAME_LENGTH
  return value.every(isName) ? undefined : `has an image name that is no text, or longer than ${MAX_IMAGE_NAME_LENGTH}`
}

function labsFault(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > MAX_LABS) return `has to be a list of at most ${MAX_LABS} names of labs`
  return value.map((name: unknown) => lab.check(name)).find((fault) => fault !== undefined)
}

function settingsChangeFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'has to be an object'
  for (const [key, wanted] of Object.entries(value)) {
    const name = SETTING_NAMES.find((known) => known === key)
    if (name === undefined) return `has no setting ${JSON.stringify(key.slice(0, 100))}`
    const fault = wanted === null ? undefined : settingFault(name, wanted)
    if (fault !== undefined) return `${name} ${fault}`
  }
  return undefined
}

/** Only that they are texts: what is wrong with one is told by its own name, not by that of the change. */
function nodeSettingChangeFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'has to be an object'
  for (const [key, wanted] of Object.entries(value) as [string, unknown][]) {
    if (!NODE_SETTING_NAMES.some((known) => known === key)) return `has no setting ${JSON.stringify(key.slice(0, 100))}`
    if (wanted === null) continue
    if (typeof wanted !== 'string' || wanted.length > MAX_NODE_SETTING_LENGTH)
      return `${key} has to be null, or text of at most ${MAX_NODE_SETTING_LENGTH} characters`
  }
  return undefined
}
