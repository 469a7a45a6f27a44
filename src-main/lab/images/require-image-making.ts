/** Where images can be made, and what there is to do elsewhere. */
import { isLabError, LabError } from '../../common/lab-error.ts'

/** For machines that can make no images. */
const IMPORT_REMEDY =
  'Run `node-lab images import FILE` with the bundle of this version, which `node-lab images export FILE` writes on a Debian machine that has the images.'

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macOS', win32: 'Windows' }

/**
 * @param missing short names of the images that are to be made
 * @param machine this machine; the architecture in the engine's word
 * @throws Unavailable when no image can be made here, with the remedy
 */
export function requireImageMaking(
  missing: readonly string[],
  machine: { platform: NodeJS.Platform; architecture: string },
  engineArchitecture: string,
): void {
  const what = `the engine lacks images of Node Lab (${missing.join(', ')})`
  if (machine.platform !== 'linux') {
    const platform = PLATFORM_NAMES[machine.platform] ?? machine.platform
    throw new LabError({
      kind: 'Unavailable',
      message: `${what}, and they cannot be made on ${platform}`,
      remedy: IMPORT_REMEDY,
    })
  }
  if (machine.architecture !== engineArchitecture) {
    throw new LabError({
      kind: 'Unavailable',
      message: `${what}: it runs on ${engineArchitecture}, and this machine makes images for ${machine.architecture}`,
      remedy: IMPORT_REMEDY,
    })
  }
}

/** A failure to make an image, with the other way to come by it. */
export function withImportRemedy(error: unknown): unknown {
  if (!isLabError(error) || error.kind !== 'Unavailable') return error
  const remedy = error.remedy === undefined ? IMPORT_REMEDY : `${error.remedy} Or: ${IMPORT_REMEDY}`
  return new LabError({ kind: error.kind, message: error.message, remedy }, { cause: error })
}
