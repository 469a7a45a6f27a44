/** Pods stay five minutes on a node that is not ready or not reachable (plugin/pkg/admission/defaulttolerationseconds). */
import type { Pod, Toleration } from '../../common/api/core.ts'
import type { AdmissionPlugin } from './admission-plugin.ts'
import { isOf } from './admission-chain.ts'

const NOT_READY = 'node.kubernetes.io/not-ready'
const UNREACHABLE = 'node.kubernetes.io/unreachable'

export interface DefaultTolerations {
  /** `--default-not-ready-toleration-seconds`. */
  notReadySeconds: number
  /** `--default-unreachable-toleration-seconds`. */
  unreachableSeconds: number
}

export function defaultTolerationSeconds({ notReadySeconds, unreachableSeconds }: DefaultTolerations): AdmissionPlugin {
  return {
    name: 'DefaultTolerationSeconds',
    admit(attributes) {
      const isWrite = attributes.operation === 'CREATE' || attributes.operation === 'UPDATE'
      if (isWrite && isOf(attributes, '', 'pods') && attributes.object !== undefined) {
        const { spec } = attributes.object as unknown as Pod
        const present = spec.tolerations ?? []
        const missing = [
          missingToleration(present, NOT_READY, notReadySeconds),
          missingToleration(present, UNREACHABLE, unreachableSeconds),
        ].flat()
        if (missing.length > 0) spec.tolerations = [...present, ...missing]
      }
      return Promise.resolve()
    },
  }
}

function missingToleration(present: readonly Toleration[], key: string, seconds: number): Toleration[] {
  const isThere = present.some(
    (one) => ((one.key ?? '') === '' || one.key === key) && ((one.effect ?? '') === '' || one.effect === 'NoExecute'),
  )
  return isThere ? [] : [{ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }]
}
