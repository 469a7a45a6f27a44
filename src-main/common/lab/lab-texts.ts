/**
 * What labs and tasks say of themselves while one looks, in English; other languages translate by the same names. `{name}` is
 * filled in. A new text is a line here and one of that name in each language of the window (`labTexts`).
 */
import type { LocalText } from '../experiments/experiment.ts'

export const LAB_TEXTS = {
  'of-node': '{node}: {text}',
  'of-image': '{image} image: {text}',

  'engine-start': 'starting the engine',
  'engine-wait': 'waiting for process {process}, which is starting the engine',
  'engine-unpack': 'unpacking Docker {version}',
  'images-wait': 'waiting for process {process}, which is making images',
  'programs-bundle': 'bundling the programs that run on nodes',
  'packages-list': 'reading the package lists of Debian {suite}',
  'packages-list-kept': 'the Debian mirror does not answer: going on with the package lists of last time',
  'packages-download': 'downloading {count} Debian packages ({megabytes} MB)',
  'packages-join': 'putting {count} packages together for the node image',
  'layer-make': 'making the layer {layer}',
  'image-load': 'loading the {image} image into the engine',
  'engine-probe': 'Probing the engine',

  'lab-wait': 'waiting for process {process}, which is changing this lab',
  'network-make': 'making the network',
  'volume-fill': 'filling its volume',
  'container-make': 'making the container',
  'container-renew': 'making it anew',
  'node-start': 'starting',
  'kubelets-wait': 'waiting for the kubelet of {nodes}',
  'cluster-left': 'the kubelet stands alone again',
  'cluster-joined': 'its kubelet has an API server now',
  'api-server-wait': 'waiting for the API server on {node}',
  'nodes-wait': 'waiting until the nodes are registered',
  'api-server-unawaited': 'the API server is not waited for: {reason}',
  'node-off': '{node} does not run',
  'manifest-missing': '{file} is not in the manifest folder of {node}',
  'no-control-plane': 'there is no control plane',
  'nodes-stop': 'stopping the nodes',
  'containers-remove': 'removing {count} containers',
  'folder-remove': 'removing the folder',
  'lab-read': 'reading the lab {lab}',
  'disk-copy': 'copying its disk',
  'pod-evict': 'evicting pod {pod}',
  'settings-write': 'writing its files',
  'kubelet-restart': 'restarting its kubelet',
  'simulated-certificates': '{group}: certificates for {count} kubelets',
  'simulated-names': '{group}: {names}',
  'simulated-none': '{group}: no nodes',
  'simulated-ready': '{ready} of {count} simulated nodes are ready',
  'simulated-objects-stay': 'their Node objects stay until the lab is started next: {reason}',
  'agents-set-up': 'setting up the agents',
  'agents-take-away': 'removing the agents',
  'undo-agents': 'putting the agents back as they were',
  'undo-component': 'starting {component}',
  'undo-node': 'removing {node}',
  'undo-kubelet': 'starting the kubelet of {node}',
  'undo-power': 'switching {node} on',
  'undo-taint': 'taking the taint off {node}',
  'undo-cordon': 'uncordoning {node}',

  'without-power': 'it has lost its power, or its container ended by itself; node-lab up --lab {lab} starts it',
  'container-broken': 'its container is paused or broken; node-lab up --lab {lab} mends it',
  'runtime-service-off': 'its runtime service does not run; node-lab up --lab {lab} mends it',
  'runtime-not-ready': 'its container runtime is not ready: {reason}',
  'kubelet-stopped': 'its kubelet does not run',
  'kubelet-silent': 'its kubelet does not answer: {reason}',
} as const

export type LabTextName = keyof typeof LAB_TEXTS

/** One of the table's texts, or one that brings its own translations. Values may be texts themselves. */
export type LabText = NamedText | LocalText

export interface NamedText {
  text: LabTextName
  values?: Readonly<Record<string, string | number | LabText>>
}

/** What is told of long work at one of its steps. */
export interface LabStep {
  /** In English. */
  message: string
  /** The same for who reads another language; absent where there is only the message. */
  text?: LabText
  /** 0 to 1, where it is known. */
  progress?: number
}

/** A step that every language can tell. */
export function labStep(
  text: LabTextName,
  values: NonNullable<NamedText['values']> = {},
  progress?: number,
): LabStep & { text: NamedText } {
  const named: NamedText = { text, values }
  return { message: englishText(named), text: named, ...(progress !== undefined && { progress }) }
}

/** The text in English. */
export function englishText(text: LabText): string {
  if (!('text' in text)) return text.en
  const { values = {} } = text
  return LAB_TEXTS[text.text].replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'object' ? englishText(value) : String(value)
  })
}
