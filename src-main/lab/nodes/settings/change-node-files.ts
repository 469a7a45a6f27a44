/** Settings of a node in the texts of its files: read from them, and written into them. Pure. */
import { parseDocument } from 'yaml'
import { LabError } from '../../../common/lab-error.ts'
import {
  NODE_SETTING_DEFAULTS,
  NODE_SETTING_NAMES,
  NODE_SETTING_PLACES,
  parsePairs,
  parseTaints,
  type NodeSetting,
  type NodeSettingChange,
  type NodeSettingName,
  type NodeTaint,
} from '../../../common/lab/node-settings.ts'
import { KUBELET_CONFIGURATION } from '../../../common/node-layout.ts'
import { changeConfiguration } from '../../control-plane/node-files.ts'

export interface NodeTexts {
  configuration: string
  flags: string
}

const FLAGS_LINE = /^KUBELET_KUBEADM_ARGS=(["']?)(.*)\1[ \t]*$/m
const LABELS_FLAG = /(^|\s)--node-labels(?:=|\s+)(\S+)/

/** As the files say it. @throws LabError Conflict when the configuration cannot be read */
export function readNodeTexts({ configuration, flags }: NodeTexts): NodeSetting[] {
  const document = parseDocument(configuration)
  const fault = document.errors[0]
  if (fault !== undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `the kubelet's configuration (${KUBELET_CONFIGURATION}) cannot be read: ${fault.message.split('\n')[0] ?? ''}`,
      remedy: 'Mend the file on the node, then try again.',
    })
  const fields = toObject(document.toJS({ maxAliasCount: 0 }) as unknown)
  return NODE_SETTING_NAMES.map((name) => {
    const place = NODE_SETTING_PLACES[name]
    const value = name === 'labels' ? readLabels(flags) : formatField(name, fields[place.field])
    return { name, ...(value !== undefined && { value }), default: NODE_SETTING_DEFAULTS[name], ...place }
  })
}

/** The values have been checked. @throws LabError Conflict when the configuration cannot be read */
export function changeNodeTexts({ configuration, flags }: NodeTexts, change: NodeSettingChange): NodeTexts {
  const { labels, ...fields } = change
  const values: Record<string, unknown> = {}
  for (const name of NODE_SETTING_NAMES) {
    if (name === 'labels' || fields[name] === undefined) continue
    values[NODE_SETTING_PLACES[name].field] = parseField(name, fields[name])
  }
  return {
    configuration: Object.keys(values).length === 0 ? configuration : changeConfiguration(configuration, values),
    flags: labels === undefined ? flags : writeLabels(flags, labels),
  }
}

function readLabels(flags: string): string | undefined {
  return LABELS_FLAG.exec(FLAGS_LINE.exec(flags)?.[2] ?? '')?.[2]
}

/** Other flags of the line, and other lines, stay as they are. */
function writeLabels(flags: string, labels: string | null): string {
  const present = FLAGS_LINE.exec(flags)?.[2] ?? ''
  const rest = present.replace(LABELS_FLAG, '$1').trim()
  const words = [rest, ...(labels === null ? [] : [`--node-labels=${formatLabels(labels)}`])].filter(
    (word) => word !== '',
  )
  const line = `KUBELET_KUBEADM_ARGS="${words.join(' ')}"`
  if (FLAGS_LINE.test(flags)) return flags.replace(FLAGS_LINE, () => line)
  return `${flags === '' || flags.endsWith('\n') ? flags : `${flags}\n`}${line}\n`
}

/** Without the blanks that people put behind commas: the kubelet would take what follows for another argument. */
function formatLabels(labels: string): string {
  return parsePairs(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

function parseField(name: Exclude<NodeSettingName, 'labels'>, text: string | null): unknown {
  if (text === null) return undefined
  switch (name) {
    case 'maxPods':
      return Number(text)
    case 'staticPodPath':
      return text
    case 'systemReserved':
      return Object.fromEntries(parsePairs(text))
    case 'taints':
      return parseTaints(text)
  }
}

function formatField(name: Exclude<NodeSettingName, 'labels'>, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  switch (name) {
    case 'maxPods':
    case 'staticPodPath':
      return String(value)
    case 'systemReserved':
      return Object.entries(toObject(value))
        .map(([key, amount]) => `${key}=${String(amount)}`)
        .join(',')
    case 'taints':
      return Array.isArray(value) ? value.map((taint) => formatTaint(toObject(taint))).join(',') : JSON.stringify(value)
  }
}

function formatTaint({ key, value, effect }: Partial<Record<keyof NodeTaint, unknown>>): string {
  return `${String(key)}${value === undefined ? '' : `=${String(value)}`}:${String(effect)}`
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
