/** Which plugins run, and in which order: upstream's (pkg/kubeapiserver/options/plugins.go), as far as they have a meaning here. */
import type { AdmissionAttributes, AdmissionPlugin } from './admission-plugin.ts'

/** All known names in upstream's order; NodeRestriction is off unless enabled, as kubeadm does. */
const PLUGIN_ORDER = [
  'AlwaysAdmit',
  'NamespaceLifecycle',
  'ServiceAccount',
  'NodeRestriction',
  'TaintNodesByCondition',
  'Priority',
  'DefaultTolerationSeconds',
  'AlwaysDeny',
] as const

const OFF_BY_DEFAULT: ReadonlySet<string> = new Set(['AlwaysAdmit', 'NodeRestriction', 'AlwaysDeny'])

/** Known upstream and without effect here: naming them in the flags is no fault (docs/control-plane.md says why each is). */
const PLUGINS_WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'AlwaysPullImages',
  'CertificateApproval',
  'CertificateSigning',
  'CertificateSubjectRestriction',
  'ClusterTrustBundleAttest',
  'DefaultIngressClass',
  'DefaultStorageClass',
  'DenyServiceExternalIPs',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'ImagePolicyWebhook',
  'LimitPodHardAntiAffinityTopology',
  'LimitRanger',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'NamespaceAutoProvision',
  'NamespaceExists',
  'OwnerReferencesPermissionEnforcement',
  'PersistentVolumeClaimResize',
  'PodNodeSelector',
  'PodSecurity',
  'PodTolerationRestriction',
  'PodTopologyLabels',
  'ResourceQuota',
  'RuntimeClass',
  'StorageObjectInUseProtection',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
])

export interface AdmissionChoice {
  /** `--enable-admission-plugins`. */
  enabled: readonly string[]
  /** `--disable-admission-plugins`. */
  disabled: readonly string[]
}

/**
 * The chosen ones of `plugins`, in upstream's order.
 * @throws Error in upstream's words when a name is not known, or both enabled and disabled
 */
export function chooseAdmissionPlugins(
  plugins: readonly AdmissionPlugin[],
  { enabled, disabled }: AdmissionChoice,
): AdmissionPlugin[] {
  const order: readonly string[] = PLUGIN_ORDER
  for (const [flag, names] of [
    ['enable-admission-plugins', enabled],
    ['disable-admission-plugins', disabled],
  ] as const) {
    const unknown = names.filter((name) => !order.includes(name) && !PLUGINS_WITHOUT_EFFECT.has(name))
    if (unknown.length > 0) throw new Error(`${flag} plugin ${JSON.stringify(unknown[0])} is unknown`)
  }
  const both = enabled.filter((name) => disabled.includes(name))
  if (both.length > 0)
    throw new Error(`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`)
  const isOn = (name: string): boolean =>
    enabled.includes(name) || (!OFF_BY_DEFAULT.has(name) && !disabled.includes(name))
  return plugins
    .filter(({ name }) => isOn(name))
    .toSorted((left, right) => order.indexOf(left.name) - order.indexOf(right.name))
}

/** Whether the plugin looks at this resource (and, unless `subresource` says otherwise, at no subresource). */
export function isOf(attributes: AdmissionAttributes, group: string, resource: string, subresource = ''): boolean {
  return (
    attributes.resource.group === group &&
    attributes.resource.resource === resource &&
    attributes.subresource === subresource
  )
}
