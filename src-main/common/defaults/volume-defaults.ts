/** The API's defaulting of one volume. */
import type { DownwardAPIVolumeFile, Volume, VolumeProjection } from '../api/core.ts'
import { VOLUME_SOURCES } from '../api/volume-schema.ts'

const DEFAULT_MODE = 0o644
const DEFAULT_TOKEN_SECONDS = 3600

/** Fills the volume in place; one without a source is an emptyDir. */
export function applyVolumeDefaults(volume: Volume): void {
  if (VOLUME_SOURCES.every((source) => volume[source] === undefined)) volume.emptyDir = {}
  if (volume.hostPath !== undefined) volume.hostPath.type ??= ''
  for (const source of [volume.downwardAPI, volume.projected, volume.configMap, volume.secret]) {
    if (source !== undefined) source['defaultMode'] ??= DEFAULT_MODE
  }
  defaultDownwardFiles(volume.downwardAPI?.items)
  for (const projection of volume.projected?.sources ?? []) defaultProjection(projection)
}

function defaultProjection(projection: VolumeProjection): void {
  defaultDownwardFiles(projection.downwardAPI?.items)
  const token = projection.serviceAccountToken
  if (token !== undefined) token['expirationSeconds'] ??= DEFAULT_TOKEN_SECONDS
}

function defaultDownwardFiles(files: DownwardAPIVolumeFile[] | undefined): void {
  for (const { fieldRef, resourceFieldRef } of files ?? []) {
    if (fieldRef !== undefined) fieldRef.apiVersion ??= 'v1'
    if (resourceFieldRef !== undefined) resourceFieldRef.divisor ??= '0'
  }
}
