/** Upstream's defaults for what a configuration does not say (pkg/kubelet/apis/config/v1beta1/defaults.go, facts 1.1.4). */
import { CONFIGURATION_FIELDS, type FieldTable, type FieldType } from './configuration-fields.ts'
import type { FeatureGates } from './feature-gates.ts'
import { parseGoDuration } from '../../common/api/duration.ts'
import { isMap, type KubeletConfiguration } from './kubelet-configuration.ts'

/** What the flags of old stood for before there was a file: everybody is let in. */
const LEGACY_FIELDS: FieldTable = {
  authentication: {
    type: 'object',
    fields: {
      anonymous: { type: 'object', fields: { enabled: { type: 'bool', default: true } } },
      webhook: { type: 'object', fields: { enabled: { type: 'bool', default: false } } },
    },
  },
  authorization: { type: 'object', fields: { mode: { type: 'string', default: 'AlwaysAllow' } } },
  readOnlyPort: { type: 'int32', default: 10255 },
}

/** Limits that OS-specific code sets upstream (pkg/kubelet/eviction/defaults_linux.go). */
const EVICTION_HARD = {
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
}

/** A copy with the defaults of a kubelet that was started without `--config`. */
export function withLegacyDefaults(configuration: KubeletConfiguration, gates: FeatureGates): KubeletConfiguration {
  const result = structuredClone(configuration)
  fillDefaults(result, LEGACY_FIELDS)
  return withDefaults(result, gates)
}

/** A copy with the defaults of the file's fields. */
export function withDefaults(configuration: KubeletConfiguration, gates: FeatureGates): KubeletConfiguration {
  const result = structuredClone(configuration)
  // A heartbeat that was asked for is also reported as often.
  if (isUnset(result['nodeStatusReportFrequency'], REPORT) && !isUnset(result['nodeStatusUpdateFrequency'], REPORT))
    result['nodeStatusReportFrequency'] = result['nodeStatusUpdateFrequency']
  fillDefaults(result, CONFIGURATION_FIELDS)
  if (Number(result.podPidsLimit) < 0) result.podPidsLimit = -1
  // Pulls are one at a time unless several are asked for.
  result.serializeImagePulls ??= (result.maxParallelImagePulls ?? 1) < 2
  if (gates.KubeletCrashLoopBackOffMax)
    result.crashLoopBackOff = { maxContainerRestartPeriod: '5m0s', ...result.crashLoopBackOff }
  if (gates.KubeletEnsureSecretPulledImages)
    result.imagePullCredentialsVerificationPolicy ||= 'NeverVerifyPreloadedImages'
  result.evictionHard =
    result['mergeDefaultEvictionSettings'] === true
      ? { ...EVICTION_HARD, ...result.evictionHard }
      : (result.evictionHard ?? { ...EVICTION_HARD })
  return result
}

const REPORT: FieldType = { type: 'duration' }

function fillDefaults(object: Record<string, unknown>, table: FieldTable): void {
  for (const [name, field] of Object.entries(table)) {
    if (field.type === 'object') {
      const inner = isMap(object[name]) ? object[name] : {}
      fillDefaults(inner, field.fields)
      object[name] = inner
    } else if ('default' in field && field.default !== undefined && isUnset(object[name], field))
      object[name] = structuredClone(field.default)
  }
}

/** Empty texts, zero numbers and zero durations count as unset, unless upstream's field is a pointer. */
function isUnset(value: unknown, field: FieldType): boolean {
  if (value === undefined || value === null) return true
  if ('zeroIsSet' in field) return false
  switch (field.type) {
    case 'string':
      return value === ''
    case 'int32':
    case 'int64':
      return value === 0
    case 'duration':
      return value === '' || parseGoDuration(String(value)) === 0
    default:
      return false
  }
}
