/** The file of `--config`: a KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1), of which profiles give the schedulers' names. */
import { parse, YAMLParseError } from 'yaml'
import { FlagError } from '../base/flag-value.ts'

export const DEFAULT_SCHEDULER_NAME = 'default-scheduler'
const VERSIONS: readonly unknown[] = ['kubescheduler.config.k8s.io/v1', 'kubescheduler.config.k8s.io/v1beta3']

export interface SchedulerConfiguration {
  /** Whose pods are scheduled: all by the same rules. */
  schedulerNames: readonly string[]
  /** Fields that are there and have no effect here. */
  ignored: readonly string[]
}

export const DEFAULT_SCHEDULER_CONFIGURATION: SchedulerConfiguration = {
  schedulerNames: [DEFAULT_SCHEDULER_NAME],
  ignored: [],
}

type Fields = Readonly<Record<string, unknown>>

/** Pure. @throws FlagError */
export function decodeSchedulerConfiguration(text: string): SchedulerConfiguration {
  const { apiVersion, kind, profiles, ...others } = fieldsOf(parseText(text), 'the file')
  if (kind !== 'KubeSchedulerConfiguration' || !VERSIONS.includes(apiVersion))
    throw new FlagError(
      `couldn't decode as KubeSchedulerConfiguration, got ${String(apiVersion)}, Kind=${String(kind)}`,
    )
  if (profiles !== undefined && !Array.isArray(profiles)) throw new FlagError('profiles: Invalid value: must be a list')
  const decoded = (profiles ?? [{}]).map((profile: unknown, index) => decodeProfile(profile, `profiles[${index}]`))
  const schedulerNames = decoded.map(({ name }) => name)
  schedulerNames.forEach((name, index) => {
    if (schedulerNames.indexOf(name) < index)
      throw new FlagError(`profiles[${index}].schedulerName: Duplicate value: ${JSON.stringify(name)}`)
  })
  if (schedulerNames.length === 0) throw new FlagError('profiles: Required value')
  return { schedulerNames, ignored: [...Object.keys(others), ...decoded.flatMap(({ ignored }) => ignored)] }
}

function parseText(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof YAMLParseError) throw new FlagError(`error converting YAML to JSON: ${error.message}`)
    throw error
  }
}

function decodeProfile(profile: unknown, path: string): { name: string; ignored: string[] } {
  const { schedulerName = DEFAULT_SCHEDULER_NAME, ...others } = fieldsOf(profile, path)
  if (typeof schedulerName !== 'string' || schedulerName === '')
    throw new FlagError(`${path}.schedulerName: Required value`)
  return { name: schedulerName, ignored: Object.keys(others).map((key) => `${path}.${key}`) }
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FlagError(`${path}: Invalid value: must be an object`)
  return value as Fields
}
