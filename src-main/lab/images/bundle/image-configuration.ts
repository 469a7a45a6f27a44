/** What an image of a bundle may say of itself: no more than our own builder writes. */
import { IMAGE_INPUTS_LABEL } from '../../../common/engine-labels.ts'
import { LabError } from '../../../common/lab-error.ts'
import { IMAGE_LAYERS_LABEL, IMAGE_VERSION_LABEL } from '../image-builder.ts'
import type { BundleImage } from './bundle-manifest.ts'

/** No volumes, no health check, no triggers: containers would inherit them from the image without anybody asking. */
const SETTINGS = new Set(['Env', 'Entrypoint', 'Cmd', 'User', 'WorkingDir', 'StopSignal', 'ExposedPorts', 'Labels'])
/** Containers inherit labels too, and by those of labs and nodes ours are told from others'. */
const LABELS = new Set([IMAGE_INPUTS_LABEL, IMAGE_VERSION_LABEL, IMAGE_LAYERS_LABEL])

/** @param text the configuration that the engine would be given. @throws BadRequest with what it may not be */
export function checkImageConfiguration(text: string, image: BundleImage): void {
  const wrong = (what: string): LabError =>
    new LabError({ kind: 'BadRequest', message: `the configuration of ${image.reference} ${what}` })
  const configuration = parseObject(text)
  const settings = asObject(configuration?.['config'])
  const labels = asObject(settings?.['Labels'])
  if (configuration === undefined || settings === undefined || labels === undefined) throw wrong('has a wrong form')
  const { os, architecture } = configuration
  if (os !== 'linux' || architecture !== image.architecture)
    throw wrong(`is for ${String(os)}/${String(architecture)}, and its manifest says linux/${image.architecture}`)
  const diffIds = asObject(configuration['rootfs'])?.['diff_ids']
  if (JSON.stringify(diffIds) !== JSON.stringify(image.layers.map(({ diffId }) => diffId)))
    throw wrong('names other layers than its manifest')
  const setting = Object.keys(settings).find((name) => !SETTINGS.has(name))
  if (setting !== undefined) throw wrong(`sets ${setting}, which no image of Node Lab does`)
  const label = Object.keys(labels).find((name) => !LABELS.has(name))
  if (label !== undefined) throw wrong(`has the label ${label}, which no image of Node Lab has`)
  if (labels[IMAGE_INPUTS_LABEL] !== image.reference.slice(image.reference.lastIndexOf(':') + 1))
    throw wrong(`belongs to another image: ${IMAGE_INPUTS_LABEL}=${String(labels[IMAGE_INPUTS_LABEL])}`)
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    // What is no JSON has a wrong form, and that is told.
    return undefined
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
