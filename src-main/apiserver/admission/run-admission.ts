/** All admission plugins as one, in upstream's order: every `admit`, later every `validate`. */
import type { AdmissionAttributes, AdmissionPlugin } from './admission-plugin.ts'

export interface AdmissionChain {
  /** May change the object. Throws `StatusError`. */
  admit(attributes: AdmissionAttributes): Promise<void>
  /** Sees what will be written. Throws `StatusError`. */
  validate(attributes: AdmissionAttributes): Promise<void>
}

/** `plugins` is asked at each request: plugins look things up in the registry, which is made with their chain. */
export function admissionChain(plugins: () => readonly AdmissionPlugin[]): AdmissionChain {
  return {
    async admit(attributes) {
      for (const plugin of plugins()) await plugin.admit?.(attributes)
    },
    async validate(attributes) {
      for (const plugin of plugins()) await plugin.validate?.(attributes)
    },
  }
}
