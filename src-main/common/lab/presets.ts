/** Labs to begin with: the cards of the first page, and `node-lab up --preset`. */

export const PRESET_NAMES = ['one-node', 'two-nodes', 'kubeadm'] as const
export type PresetName = (typeof PRESET_NAMES)[number]

export interface Preset {
  name: PresetName
  /** Workers. */
  nodes: number
  controlPlane: boolean
}

export const PRESETS: readonly Preset[] = [
  { name: 'one-node', nodes: 1, controlPlane: false },
  { name: 'two-nodes', nodes: 2, controlPlane: false },
  { name: 'kubeadm', nodes: 2, controlPlane: true },
]

export function findPreset(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name)
}
