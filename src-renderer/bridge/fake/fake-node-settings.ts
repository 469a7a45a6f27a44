/** What is set for one node of the in-memory bridge; the rules for values are the real ones. */
import { LabError } from '@common/lab-error.ts'
import {
  NODE_SETTING_DEFAULTS,
  NODE_SETTING_NAMES,
  NODE_SETTING_PLACES,
  nodeSettingFault,
  type NodeSetting,
  type NodeSettingChange,
  type NodeSettingName,
} from '@common/lab/node-settings.ts'
import { MANIFESTS_PATH } from '@common/node-channel.ts'

export class FakeNodeSettings {
  private readonly values = new Map<NodeSettingName, string>([['staticPodPath', MANIFESTS_PATH]])

  read(): NodeSetting[] {
    return NODE_SETTING_NAMES.map((name) => {
      const value = this.values.get(name)
      const place = NODE_SETTING_PLACES[name]
      return { name, ...(value !== undefined && { value }), default: NODE_SETTING_DEFAULTS[name], ...place }
    })
  }

  /** @throws LabError BadRequest */
  refuse(change: NodeSettingChange): void {
    for (const name of NODE_SETTING_NAMES) {
      const value = change[name]
      const fault = typeof value === 'string' ? nodeSettingFault(name, value) : undefined
      if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault, details: { field: name } })
    }
  }

  write(change: NodeSettingChange): void {
    for (const name of NODE_SETTING_NAMES) {
      const value = change[name]
      if (value === null) this.values.delete(name)
      else if (value !== undefined) this.values.set(name, value)
    }
  }
}
