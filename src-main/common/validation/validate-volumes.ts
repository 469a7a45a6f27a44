/** Validation of a pod's volumes. */
import type { DownwardAPIVolumeFile, HostPathType, Volume, VolumeProjection } from '../api/core.ts'
import { parseQuantity } from '../api/quantity.ts'
import { VOLUME_SOURCES } from '../api/volume-schema.ts'
import { duplicate, type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts'
import { checkDNS1123Label } from './names.ts'
import { validateFieldRef, validateResourceFieldRef } from './validate-env.ts'
import { all } from './validate-metadata.ts'

const HOST_PATH_TYPES: readonly (HostPathType | string)[] = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

export function validateVolumes(volumes: readonly Volume[], field: string): FieldError[] {
  const seen = new Set<string>()
  return volumes.flatMap((volume, index) => {
    const path = `${field}[${index}]`
    const errors = validateSource(volume, path)
    if (volume.name === '') errors.push(required(`${path}.name`))
    else errors.push(...all(`${path}.name`, volume.name, checkDNS1123Label(volume.name)))
    if (seen.has(volume.name)) errors.push(duplicate(`${path}.name`, volume.name))
    seen.add(volume.name)
    return errors
  })
}

function validateSource(volume: Volume, field: string): FieldError[] {
  const sources = VOLUME_SOURCES.filter((source) => volume[source] !== undefined)
  if (sources.length === 0) return [required(field, 'must specify a volume type')]
  const errors = sources
    .slice(1)
    .map((source) => forbidden(`${field}.${source}`, 'may not specify more than 1 volume type'))
  const { emptyDir, hostPath, downwardAPI, projected, configMap, secret, persistentVolumeClaim, nfs } = volume
  if (emptyDir?.sizeLimit !== undefined) {
    const parsed = parseQuantity(emptyDir.sizeLimit)
    if (!parsed.ok || parsed.quantity.nanos < 0n) {
      errors.push(forbidden(`${field}.emptyDir.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
    }
  }
  if (hostPath !== undefined) errors.push(...validateHostPath(hostPath, `${field}.hostPath`))
  if (downwardAPI !== undefined) {
    errors.push(...validateMode(downwardAPI.defaultMode, `${field}.downwardAPI.defaultMode`))
    errors.push(...validateDownwardFiles(downwardAPI.items ?? [], `${field}.downwardAPI`))
  }
  if (projected !== undefined) errors.push(...validateProjected(projected, `${field}.projected`))
  if (configMap !== undefined && (configMap['name'] ?? '') === '') errors.push(required(`${field}.configMap.name`))
  if (secret !== undefined && (secret['secretName'] ?? '') === '') errors.push(required(`${field}.secret.secretName`))
  if (persistentVolumeClaim?.['claimName'] === '') errors.push(required(`${field}.persistentVolumeClaim.claimName`))
  if (nfs?.['server'] === '') errors.push(required(`${field}.nfs.server`))
  if (nfs?.['path'] === '') errors.push(required(`${field}.nfs.path`))
  return errors
}

function validateHostPath(source: NonNullable<Volume['hostPath']>, field: string): FieldError[] {
  if (source.path === '') return [required(`${field}.path`)]
  const errors: FieldError[] = []
  if (hasParentStep(source.path)) errors.push(invalid(`${field}.path`, source.path, "must not contain '..'"))
  const type = source.type ?? ''
  if (!HOST_PATH_TYPES.includes(type)) errors.push(unsupported(`${field}.type`, type, HOST_PATH_TYPES))
  return errors
}

function validateProjected(source: NonNullable<Volume['projected']>, field: string): FieldError[] {
  const errors = validateMode(source.defaultMode, `${field}.defaultMode`)
  for (const [index, projection] of (source.sources ?? []).entries()) {
    const path = `${field}.sources[${index}]`
    const kinds = (Object.keys(projection) as (keyof VolumeProjection)[]).filter(
      (kind) => projection[kind] !== undefined,
    )
    for (const kind of kinds.slice(1)) {
      errors.push(forbidden(`${path}.${kind}`, 'may not specify more than 1 volume type'))
    }
    errors.push(...validateDownwardFiles(projection.downwardAPI?.items ?? [], `${path}.downwardAPI`))
  }
  return errors
}

function validateDownwardFiles(files: readonly DownwardAPIVolumeFile[], field: string): FieldError[] {
  return files.flatMap((file) => {
    const errors: FieldError[] = []
    if (file.path === '') errors.push(required(`${field}.path`))
    else errors.push(...validateDescendingPath(file.path, `${field}.path`))
    if (file.fieldRef !== undefined && file.resourceFieldRef !== undefined) {
      const detail = 'fieldRef and resourceFieldRef can not be specified simultaneously'
      errors.push(invalid(field, 'resource', detail))
    } else if (file.fieldRef !== undefined) {
      errors.push(...validateFieldRef(file.fieldRef, `${field}.fieldRef`, 'volume'))
    } else if (file.resourceFieldRef !== undefined) {
      if ((file.resourceFieldRef.containerName ?? '') === '')
        errors.push(required(`${field}.resourceFieldRef.containerName`))
      errors.push(...validateResourceFieldRef(file.resourceFieldRef, `${field}.resourceFieldRef`))
    } else {
      errors.push(required(field, 'one of fieldRef and resourceFieldRef is required'))
    }
    return [...errors, ...validateMode(file.mode, `${field}.mode`)]
  })
}

function validateMode(mode: number | undefined, field: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return []
  return [invalid(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
}

/** A path below a volume's root: relative, and never upwards. */
export function validateDescendingPath(path: string, field: string): FieldError[] {
  if (path.startsWith('/')) return [invalid(field, path, 'must be a relative path')]
  return hasParentStep(path) ? [invalid(field, path, "must not contain '..'")] : []
}

function hasParentStep(path: string): boolean {
  return path.split('/').includes('..')
}
