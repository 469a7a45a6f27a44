/**
 * Every pod runs as a service account and finds a token of it (plugin/pkg/admission/serviceaccount; facts 4.10). Mirror
 * pods do neither: a node would give itself what is not its own.
 */
import { randomBytes } from 'node:crypto'
import { delay, type Clock } from '../../../base/clock.ts'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { Pod } from '../../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../../common/api/kubelet-labels.ts'
import { forbidden } from '../../../kube/status-error.ts'
import { podReferences } from '../../authorization/node/pod-references.ts'
import { findObject } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission-plugin.ts'
import { isOf } from '../admission-chain.ts'
import { mountToken } from './token-volume.ts'

const DEFAULT_ACCOUNT = 'default'
const DEFAULT_ACCOUNT_ATTEMPTS = 10
const ATTEMPT_INTERVAL_MS = 150
const SERVICE_ACCOUNTS = { group: '', resource: 'serviceaccounts' }

interface ServiceAccount extends UnknownObject {
  automountServiceAccountToken?: boolean
  imagePullSecrets?: { name?: string }[]
}

export interface ServiceAccountOptions {
  registry: Registry
  clock: Clock
  /** Five characters for the volume's name; random unless a test says otherwise. */
  newSuffix?: () => string
}

export function serviceAccount(options: ServiceAccountOptions): AdmissionPlugin {
  const { newSuffix = randomSuffix } = options
  return {
    name: 'ServiceAccount',
    async admit(attributes) {
      if (!isNewPod(attributes)) return
      const pod = podOf(attributes)
      if (isMirror(pod)) return refuseReferences(pod, attributes)
      const name = (pod.spec.serviceAccountName ??= DEFAULT_ACCOUNT)
      const account = await requireAccount(options, attributes, name)
      if (shouldMount(pod, account)) mountToken(pod, newSuffix)
      const { imagePullSecrets = [] } = account
      if ((pod.spec.imagePullSecrets ?? []).length === 0 && imagePullSecrets.length > 0)
        pod.spec.imagePullSecrets = imagePullSecrets.map((secret) => ({ ...secret }))
    },
    async validate(attributes) {
      if (!isNewPod(attributes)) return
      const pod = podOf(attributes)
      if (isMirror(pod)) return refuseReferences(pod, attributes)
      await requireAccount(options, attributes, pod.spec.serviceAccountName ?? '')
    },
  }
}

function isNewPod(attributes: AdmissionAttributes): boolean {
  return attributes.operation === 'CREATE' && isOf(attributes, '', 'pods') && attributes.object !== undefined
}

function podOf({ object }: AdmissionAttributes): Pod {
  return object as unknown as Pod
}

function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[CONFIG_MIRROR_ANNOTATION] !== undefined
}

function refuseReferences(pod: Pod, { resource, name }: AdmissionAttributes): void {
  const refuse = (what: string): never => {
    throw forbidden(resource, name, `a mirror pod may not ${what}`)
  }
  if ((pod.spec.serviceAccountName ?? '') !== '') refuse('reference service accounts')
  if ([...podReferences(pod)].some((reference) => reference.resource === 'secrets')) refuse('reference secrets')
  const projected = (pod.spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? [])
  if (projected.some(({ serviceAccountToken }) => serviceAccountToken !== undefined))
    refuse('use ServiceAccountToken volume projections')
}

async function requireAccount(
  { registry, clock }: ServiceAccountOptions,
  { resource, name, namespace }: AdmissionAttributes,
  account: string,
): Promise<ServiceAccount> {
  // A new namespace gets its default account in a moment.
  const attempts = account === DEFAULT_ACCOUNT ? DEFAULT_ACCOUNT_ATTEMPTS : 1
  for (let attempt = 1; ; attempt++) {
    const found = await findObject(registry, SERVICE_ACCOUNTS, namespace, account)
    if (found !== undefined) return found
    if (attempt === attempts) break
    await delay(clock, ATTEMPT_INTERVAL_MS)
  }
  const why = `error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`
  throw forbidden(resource, name, why)
}

function shouldMount({ spec }: Pod, { automountServiceAccountToken }: ServiceAccount): boolean {
  return spec.automountServiceAccountToken ?? automountServiceAccountToken ?? true
}

/** Letters and digits that neither look alike nor spell words, as upstream's generated names. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

function randomSuffix(): string {
  return [...randomBytes(5)].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]).join('')
}
