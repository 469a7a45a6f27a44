import { describe, expect, it } from 'vitest'
import { exitOf, exitOfFile, load, loadFile } from './testing/load.ts'

describe('given feature gates', () => {
  it.each([
    ['NoSuchGate', true, 'unrecognized feature gate: NoSuchGate'],
    ['SidecarContainers', false, 'cannot set feature gate SidecarContainers to false, feature is locked to true'],
    [
      'AllowOverwriteTerminationGracePeriodSeconds',
      true,
      'cannot set feature gate AllowOverwriteTerminationGracePeriodSeconds to true, feature is locked to false',
    ],
  ])('when %s is set to %j, then the kubelet ends in upstream’s words', (name, value, words) => {
    const message = `failed to set feature gates from initial flags-based config: ${words}`
    expect(exitOf([`--feature-gates=${name}=${value}`])).toMatchObject({ exitCode: 1, message })
    expect(exitOfFile(`featureGates: {${name}: ${value}}\n`)).toBe(message)
  })

  it('when one is generally available, then it is warned that it will go', () => {
    expect(loadFile('featureGates: {SidecarContainers: true}\n').warnings).toContainEqual({
      channel: 'log',
      message: 'Setting GA feature gate SidecarContainers=true. It will be removed in a future release.',
      fields: {},
    })
  })

  it('when one that means nothing here is turned, then the log names it, and one that has its default value is not named', () => {
    const { warnings } = loadFile('featureGates: {MemoryQoS: true, NodeLogQuery: false}\n')
    expect(warnings.at(-1)?.fields).toEqual({
      settings: { 'featureGates.MemoryQoS': 'this kubelet does the same with and without it' },
    })
  })

  it('when a flag and the file differ, then the flag wins and the others of the file stay', () => {
    const { featureGates } = load(
      ['--config=/c.yaml', '--feature-gates=CustomCPUCFSQuotaPeriod=false,ReduceDefaultCrashLoopBackOffDecay=true'],
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates: {CustomCPUCFSQuotaPeriod: true, PreventStaticPodAPIReferences: false}\n',
    )
    expect(featureGates).toEqual({
      ContainerRestartRules: true,
      CustomCPUCFSQuotaPeriod: false,
      KubeletCrashLoopBackOffMax: true,
      KubeletEnsureSecretPulledImages: true,
      PreventStaticPodAPIReferences: false,
      ReduceDefaultCrashLoopBackOffDecay: true,
    })
  })

  it('when all alpha gates are opened but one, then that one stays as it is set', () => {
    const { featureGates } = loadFile('featureGates: {AllAlpha: true, CustomCPUCFSQuotaPeriod: false}\n')
    expect(featureGates).toMatchObject({ CustomCPUCFSQuotaPeriod: false, ReduceDefaultCrashLoopBackOffDecay: true })
  })
})

describe('given the waits between restarts', () => {
  it.each([
    ['', 10_000, 300_000],
    ['crashLoopBackOff: {maxContainerRestartPeriod: 40s}\n', 10_000, 40_000],
    ['crashLoopBackOff: {maxContainerRestartPeriod: 5s}\n', 5000, 5000],
    ['featureGates: {ReduceDefaultCrashLoopBackOffDecay: true}\n', 1000, 60_000],
    [
      'featureGates: {ReduceDefaultCrashLoopBackOffDecay: true}\ncrashLoopBackOff: {maxContainerRestartPeriod: 20s}\n',
      1000,
      20_000,
    ],
    ['featureGates: {KubeletCrashLoopBackOffMax: false}\n', 10_000, 300_000],
  ])(
    'when the configuration is %j, then the first is %i ms and the longest %i ms (facts 2.2.4)',
    (lines, first, longest) => {
      expect(loadFile(lines)).toMatchObject({
        initialContainerRestartPeriodMs: first,
        maxContainerRestartPeriodMs: longest,
      })
    },
  )

  it('when a wait is asked for and its gate is closed, then the kubelet ends', () => {
    expect(
      exitOfFile(
        'featureGates: {KubeletCrashLoopBackOffMax: false}\ncrashLoopBackOff: {maxContainerRestartPeriod: 5s}\n',
      ),
    ).toContain(
      'FeatureGate KubeletCrashLoopBackOffMax not enabled, CrashLoopBackOff.MaxContainerRestartPeriod must not be set',
    )
  })
})
