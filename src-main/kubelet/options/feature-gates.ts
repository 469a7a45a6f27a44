/**
 * The feature gates that Kubernetes 1.35 knows (test/compatibility_lifecycle/reference/feature_list.md, component-base's
 * featuregate): a name that is not among them ends the kubelet, and a gate that is locked cannot be turned.
 */

type Stage = 'alpha' | 'beta' | 'GA' | 'deprecated'

interface Gate {
  stage: Stage
  enabled: boolean
  isLocked: boolean
}

/** Gates that change what this kubelet does; of all others it says, when they are turned, that they have no effect. */
export const EFFECTIVE_GATES = [
  'ContainerRestartRules',
  'CustomCPUCFSQuotaPeriod',
  'KubeletCrashLoopBackOffMax',
  'KubeletEnsureSecretPulledImages',
  'PreventStaticPodAPIReferences',
  'ReduceDefaultCrashLoopBackOffDecay',
] as const

type EffectiveGate = (typeof EFFECTIVE_GATES)[number]

export type FeatureGates = Readonly<Record<EffectiveGate, boolean>>

export interface ResolvedFeatureGates {
  gates: FeatureGates
  /** Upstream's sentences about gates that will go. */
  warnings: string[]
  /** Names of gates that were turned and mean nothing here. */
  ineffective: string[]
}

/** `message` is upstream's. */
export class FeatureGateError extends Error {}

const ALL: Readonly<Record<string, Stage>> = { AllAlpha: 'alpha', AllBeta: 'beta' }

/** @throws FeatureGateError for an unknown gate, and one that is locked to the other value */
export function resolveFeatureGates(given: Readonly<Record<string, boolean>>): ResolvedFeatureGates {
  const warnings: string[] = []
  const ineffective: string[] = []
  const faults: string[] = []
  for (const [name, value] of Object.entries(given).sort(byName)) {
    const gate = GATES.get(name)
    if (ALL[name] !== undefined) continue
    if (gate === undefined) throw new FeatureGateError(`unrecognized feature gate: ${name}`)
    if (gate.isLocked && gate.enabled !== value)
      faults.push(`cannot set feature gate ${name} to ${value}, feature is locked to ${gate.enabled}`)
    if (gate.stage === 'deprecated' || gate.stage === 'GA')
      warnings.push(`Setting ${gate.stage} feature gate ${name}=${value}. It will be removed in a future release.`)
    if (gate.enabled !== value && !isEffective(name)) ineffective.push(name)
  }
  if (faults.length > 0) throw new FeatureGateError(faults.length === 1 ? `${faults[0]}` : `[${faults.join(', ')}]`)
  const entries = EFFECTIVE_GATES.map((name) => [name, isEnabled(name, given)])
  // Every gate of the list has an entry.
  return { gates: Object.fromEntries(entries) as FeatureGates, warnings, ineffective }
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function isEffective(name: string): boolean {
  return EFFECTIVE_GATES.some((gate) => gate === name)
}

/** A gate's own value wins over that of its stage. */
function isEnabled(name: EffectiveGate, given: Readonly<Record<string, boolean>>): boolean {
  const own = given[name]
  if (own !== undefined) return own
  const gate = GATES.get(name)
  const ofStage = Object.entries(ALL).find(([, stage]) => stage === gate?.stage)?.[0]
  return (ofStage === undefined ? undefined : given[ofStage]) ?? gate?.enabled ?? false
}

const ALPHA = `APIServingWithRoutine AllowUnsafeMalformedObjectDeletion CBORServingAndStorage CPUManagerPolicyAlphaOptions
  CSIVolumeHealth ClientsAllowCBOR ClientsPreferCBOR CloudControllerManagerWatchBasedRoutesReconciliation
  CloudControllerManagerWebhook ComponentFlagz ComponentStatusz ConstrainedImpersonation ContainerStopSignals
  CrossNamespaceVolumeDataSource CustomCPUCFSQuotaPeriod DRAConsumableCapacity DRADeviceBindingConditions
  DRADeviceTaintRules DRADeviceTaints DRAExtendedResource DRAPartitionableDevices EventedPLEG GangScheduling
  GenericWorkload HPAScaleToZero ImageVolumeWithDigest InPlacePodLevelResourcesVerticalScaling
  InPlacePodVerticalScalingExclusiveCPUs InPlacePodVerticalScalingExclusiveMemory KubeletInUserNamespace
  LoggingAlphaOptions MemoryQoS MutablePVNodeAffinity MutablePodResourcesForSuspendedJobs
  MutableSchedulingDirectivesForSuspendedJobs NodeDeclaredFeatures PodAndContainerStatsFromCRI PodLogsQuerySplitStreams
  QOSReserved ReduceDefaultCrashLoopBackOffDecay RelaxedServiceNameValidation ResourceHealthStatus
  RestartAllContainersOnContainerExits RuntimeClassInImageCriApi StorageCapacityScoring StorageVersionAPI
  StrictIPCIDRValidation TaintTolerationComparisonOperators TopologyManagerPolicyAlphaOptions
  UnknownVersionInteroperabilityProxy UserNamespacesHostNetworkSupport VolumeLimitScaling WindowsCPUAndMemoryAffinity`

const BETA_OFF = `CRDObservedGenerationTracking ClusterTrustBundle ClusterTrustBundleProjection ConcurrentWatchObjectDecode
  CoordinatedLeaderElection DeclarativeValidationTakeover LocalStorageCapacityIsolationFSQuotaMonitoring
  MutatingAdmissionPolicy NodeLogQuery PodCertificateRequest SELinuxMount SchedulerAsyncAPICalls StorageVersionMigrator
  WatchCacheInitializationPostStartHook`

const BETA_ON = `APIResponseCompression APIServerIdentity AllowParsingUserUIDFromCertAuth
  AuthorizePodWebsocketUpgradeCreatePermission CPUManagerPolicyBetaOptions CSIServiceAccountTokenSecrets
  ClearingNominatedNodeNameAfterBinding ContainerCheckpoint ContainerRestartRules ContextualLogging DRAAdminAccess
  DRAPrioritizedList DRAResourceClaimDeviceStatus DRASchedulerFilterTimeout DeclarativeValidation
  DeploymentReplicaSetTerminatingReplicas DetectCacheInconsistency DisableCPUQuotaWithExclusiveCPUs EnvFiles
  ExternalServiceAccountTokenSigner GracefulNodeShutdown GracefulNodeShutdownBasedOnPodPriority
  HPAConfigurableTolerance HostnameOverride ImageVolume InOrderInformers InOrderInformersBatchProcess
  KubeletCrashLoopBackOffMax KubeletEnsureSecretPulledImages KubeletFineGrainedAuthz KubeletPSI
  KubeletPodResourcesDynamicResources KubeletPodResourcesGet KubeletSeparateDiskGC
  KubeletServiceAccountTokenForCredentialProviders ListFromCacheSnapshot LoggingBetaOptions
  MatchLabelKeysInPodTopologySpread MatchLabelKeysInPodTopologySpreadSelectorMerge MaxUnavailableStatefulSet
  MutableCSINodeAllocatableCount NominatedNodeNameForExpectation OpenAPIEnums OpportunisticBatching PodDeletionCost
  PodLevelResources PodReadyToStartContainersCondition PodTopologyLabelsAdmission PortForwardWebsockets
  PreventStaticPodAPIReferences ProcMountType ReloadKubeletServerCertificateFile RemoteRequestHeaderUID
  RotateKubeletServerCertificate SELinuxChangePolicy SELinuxMountReadWriteOncePod SchedulerAsyncPreemption
  SchedulerPopFromBackoffQ ServiceAccountNodeAudienceRestriction SizeBasedListCostEstimate
  StatefulSetSemanticRevisionComparison StorageVersionHash StructuredAuthenticationConfigurationEgressSelector
  StructuredAuthenticationConfigurationJWKSMetrics TokenRequestServiceAccountUIDValidation
  TopologyManagerPolicyBetaOptions TranslateStreamCloseWebsocketRequests UnauthenticatedHTTP2DOSMitigation
  UserNamespacesSupport WatchList WatchListClient WindowsGracefulNodeShutdown`

const GA = `InformerResourceVersion VolumeAttributesClass`

const GA_LOCKED = `APIServerTracing AnonymousAuthConfigurableEndpoints AnyVolumeDataSource AuthorizeNodeWithSelectors
  AuthorizeWithSelectors BtreeWatchCache CPUManagerPolicyOptions CRDValidationRatcheting ConsistentListFromCache
  CustomResourceFieldSelectors DisableAllocatorDualWrite DynamicResourceAllocation ExecProbeTimeout
  HonorPVReclaimPolicy ImageMaximumGCAge InPlacePodVerticalScaling JobBackoffLimitPerIndex JobManagedBy
  JobPodReplacementPolicy JobSuccessPolicy KubeletCgroupDriverFromCRI KubeletTracing LogarithmicScaleDown
  MatchLabelKeysInPodAffinity MultiCIDRServiceAllocator NFTablesProxyMode NodeInclusionPolicyInPodTopologySpread
  NodeSwap OrderedNamespaceDeletion PodLifecycleSleepAction PodLifecycleSleepActionAllowZero
  PodObservedGenerationTracking PodSchedulingReadiness PreferSameTrafficDistribution RecoverVolumeExpansionFailure
  RecursiveReadOnlyMounts RelaxedDNSSearchValidation RelaxedEnvironmentVariableValidation
  ResilientWatchCacheInitialization RetryGenerateName SchedulerQueueingHints SeparateTaintEvictionController
  ServiceAccountTokenJTI ServiceAccountTokenNodeBinding ServiceAccountTokenNodeBindingValidation
  ServiceAccountTokenPodNodeInfo SidecarContainers StreamingCollectionEncodingToJSON
  StreamingCollectionEncodingToProtobuf StructuredAuthenticationConfiguration SupplementalGroupsPolicy SystemdWatchdog
  TopologyManagerPolicyOptions WinDSR WinOverlay`

const DEPRECATED_OFF = `AllowDNSOnlyNodeCSR AllowInsecureKubeletCertificateSigningRequests
  ChangeContainerStatusOnKubeletRestart GitRepoVolumeDriver InPlacePodVerticalScalingAllocatedStatus KMSv1
  KubeletRegistrationGetOnExistsOnly SeparateCacheWatchRPC WindowsHostNetwork`

const DEPRECATED_ON = `DisableNodeKubeProxyVersion KubeletPodResourcesListUseActivePods StorageNamespaceIndex`

function gatesOf(names: string, stage: Stage, enabled: boolean, isLocked = false): [string, Gate][] {
  return names.split(/\s+/).map((name) => [name, { stage, enabled, isLocked }])
}

const GATES: ReadonlyMap<string, Gate> = new Map([
  ...gatesOf(ALPHA, 'alpha', false),
  ...gatesOf(BETA_OFF, 'beta', false),
  ...gatesOf(BETA_ON, 'beta', true),
  ...gatesOf(GA, 'GA', true),
  ...gatesOf(GA_LOCKED, 'GA', true, true),
  ...gatesOf(DEPRECATED_OFF, 'deprecated', false),
  ...gatesOf(DEPRECATED_ON, 'deprecated', true),
  ...gatesOf('AggregatedDiscoveryRemoveBetaType', 'deprecated', true, true),
  ...gatesOf('AllowOverwriteTerminationGracePeriodSeconds', 'deprecated', false, true),
])
