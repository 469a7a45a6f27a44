/**
 * Which engines can be used, by what they say of themselves (`GET /version`). Who reaches an engine asks here first: the
 * lab manager before it makes anything, the runtime service before it makes pods.
 */

/** Volume sub-paths, on which the isolation of nodes rests, exist from this version on; before, they are ignored. */
export const MINIMUM_API_VERSION = '1.45'

/** The parts of `GET /version` that matter. */
export interface EngineVersion {
  ApiVersion: string
  MinAPIVersion?: string
  Version: string
  Os: string
  /** Podman tells here that it is Podman. */
  Components?: { Name: string }[] | null
}

export interface EngineFault {
  /** Part of a sentence about the engine. */
  message: string
  remedy: string
}

/** Compares `1.45` and `1.9` part by part; below zero when the left one is older. */
export function compareApiVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number)
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number)
  return leftMajor - rightMajor || leftMinor - rightMinor
}

/** `Docker`, or `Podman` where it speaks Docker's API. */
export function computeEngineProduct(version: EngineVersion): 'Docker' | 'Podman' {
  return (version.Components ?? []).some(({ Name: name }) => name.startsWith('Podman')) ? 'Podman' : 'Docker'
}

/** Why an engine that answers cannot be used; `undefined` when it can, as far as versions tell. */
export function computeEngineFault(version: EngineVersion): EngineFault | undefined {
  const product = computeEngineProduct(version)
  const name = `${product} ${version.Version}`
  if (version.Os !== 'linux') {
    return {
      message: `${name} runs ${version.Os} containers, not Linux ones`,
      remedy: 'Switch it to Linux containers, or point DOCKER_HOST at an engine that runs them.',
    }
  }
  if (compareApiVersions(version.ApiVersion, MINIMUM_API_VERSION) >= 0) return undefined
  return {
    message: `${name} speaks API ${version.ApiVersion}, and ${MINIMUM_API_VERSION} is needed: engines before it mount a whole volume where a part of it is asked for`,
    remedy:
      product === 'Podman'
        ? 'No Podman can run labs yet: install Docker 26 or newer, and point DOCKER_HOST at it.'
        : 'Install Docker 26 or newer (API 1.45).',
  }
}

/** The API version to speak: the oldest one that both sides know, so that a newer engine changes nothing. */
export function computeApiVersion(version: Pick<EngineVersion, 'MinAPIVersion'>): string {
  const oldest = version.MinAPIVersion ?? ''
  return compareApiVersions(oldest, MINIMUM_API_VERSION) > 0 ? oldest : MINIMUM_API_VERSION
}
