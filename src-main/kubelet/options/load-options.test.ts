import { describe, expect, it } from 'vitest'
import { exitOf, HEAD, load } from './testing/load.ts'

describe('given no arguments', () => {
  it('then upstream defaults hold, without static pods', () => {
    const options = load([])
    expect(options).toMatchObject({
      nodeName: 'node01',
      staticPodPath: null,
      staticPodPathSource: 'none',
      fileCheckFrequencyMs: 20_000,
      syncFrequencyMs: 60_000,
      containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
      containerLogMaxBytes: 10_485_760,
      containerLogMaxFiles: 5,
      containerLogMonitorIntervalMs: 10_000,
      initialContainerRestartPeriodMs: 10_000,
      maxContainerRestartPeriodMs: 300_000,
      imagePulls: { atOnce: 1, perSecond: 5, burst: 10 },
      podPidsLimit: null,
      cpuQuotaPeriodMs: 100,
      seccompDefault: false,
      resolvConfPath: '/etc/resolv.conf',
      podLogsDirectory: '/var/log/pods',
      configuration: { maxPods: 110, evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '10%' } },
      warnings: [],
    })
  })

  it('then authentication is as open as the old flags were', () => {
    expect(load([]).configuration).toMatchObject({
      authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
      authorization: { mode: 'AlwaysAllow' },
      readOnlyPort: 10255,
    })
    expect(load(['--config=/c.yaml'], HEAD).configuration).toMatchObject({
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
    })
  })
})

describe('given a flag and a configuration file', () => {
  it('when only the file has staticPodPath, then it counts', () => {
    const options = load(
      ['--config=/c.yaml'],
      `${HEAD}staticPodPath: /etc/kubernetes/manifests\nfileCheckFrequency: 5s\n`,
    )
    expect(options).toMatchObject({
      configPath: '/c.yaml',
      staticPodPath: '/etc/kubernetes/manifests',
      staticPodPathSource: 'config',
      fileCheckFrequencyMs: 5000,
    })
  })

  it('when both have it, then the flag wins and is said to be deprecated', () => {
    const options = load(['--config', '/c.yaml', '--pod-manifest-path=/srv/pods'], `${HEAD}staticPodPath: /etc/x\n`)
    expect(options).toMatchObject({ staticPodPath: '/srv/pods', staticPodPathSource: 'flag' })
    expect(options.warnings[0]?.channel).toBe('stderr')
    expect(options.warnings[0]?.message).toMatch(
      /^Flag --pod-manifest-path has been deprecated, This parameter should be set via the config file/,
    )
  })

  it('when the file has settings without effect here, then the log names them', () => {
    const { warnings } = load(['--config=/c.yaml'], `${HEAD}cgroupDriver: systemd\nstaticPodPath: /x\n`)
    expect(warnings).toEqual([
      {
        channel: 'log',
        message: 'Settings that this kubelet reads but does not act on',
        fields: { settings: { cgroupDriver: "cgroups belong to the computer's engine" } },
      },
    ])
  })
})

describe('given flags in every spelling', () => {
  it('then they are read as pflag reads them', () => {
    const options = load([
      '--hostname-override',
      'N1',
      '--cluster_dns=10.96.0.10,10.96.0.11',
      '--cluster-dns=10.96.0.12',
      '--serialize-image-pulls=false',
      '--max-pods=5',
      '-v=4',
      '--node-labels=a=b,c=d',
      '--register-with-taints=k=v:NoSchedule,x:NoExecute',
      '--sync-frequency=1m30s',
    ])
    expect(options).toMatchObject({
      nodeName: 'n1',
      clusterDNS: ['10.96.0.10', '10.96.0.11', '10.96.0.12'],
      imagePulls: { atOnce: null },
      configuration: { maxPods: 5 },
      nodeLabels: { a: 'b', c: 'd' },
      registerWithTaints: [
        { key: 'k', value: 'v', effect: 'NoSchedule' },
        { key: 'x', value: '', effect: 'NoExecute' },
      ],
      syncFrequencyMs: 90_000,
    })
    expect(options.warnings.filter((warning) => warning.message.includes('--cluster-dns'))).toHaveLength(1)
  })

  it.each([
    [['--nonsense'], 'failed to parse kubelet flag: unknown flag: --nonsense'],
    [['--config'], 'failed to parse kubelet flag: flag needs an argument: --config'],
    [
      ['--max-pods=many'],
      'failed to parse kubelet flag: invalid argument "many" for "--max-pods" flag: strconv.ParseInt: parsing "many": invalid syntax',
    ],
    [
      ['--max-pods=08'],
      'failed to parse kubelet flag: invalid argument "08" for "--max-pods" flag: strconv.ParseInt: parsing "08": invalid syntax',
    ],
    [
      ['--version=later'],
      'failed to parse kubelet flag: invalid argument "later" for "--version" flag: strconv.ParseBool: parsing "later": invalid syntax',
    ],
    [
      ['--max-pods=99999999999'],
      'failed to parse kubelet flag: invalid argument "99999999999" for "--max-pods" flag: strconv.ParseInt: parsing "99999999999": value out of range',
    ],
    [
      ['--sync-frequency=10'],
      'failed to parse kubelet flag: invalid argument "10" for "--sync-frequency" flag: time: invalid duration "10"',
    ],
    [['-x'], "failed to parse kubelet flag: unknown shorthand flag: 'x' in -x"],
    [['run'], 'unknown command run'],
  ])('when %j is wrong, then it exits 1 and says why', (argv, message) => {
    expect(exitOf(argv)).toMatchObject({ exitCode: 1, message })
  })

  it.each([['--version'], ['--version=true'], ['--version=raw']])('when %s is asked, then it exits 0', (word) => {
    expect(exitOf([word])).toMatchObject({ exitCode: 0, message: 'Kubernetes v1.35.0' })
  })

  it('when help is asked, then it is printed, and it exits 0', () => {
    expect(exitOf(['-h'])).toMatchObject({ exitCode: 0, message: expect.stringContaining('--config FILE') as string })
  })

  it.each([['--version=false'], ['--version=v1.33.0'], ['--help=false']])('when %s is given, then it runs', (word) => {
    expect(load([word]).nodeName).toBe('node01')
  })

  it.each([
    ['010', 8],
    ['0x10', 16],
    ['0b11', 3],
    ['1_000', 1000],
    ['+7', 7],
  ])('when a number is written %s, then it is read as Go reads it: %i', (text, value) => {
    expect(load([`--max-pods=${text}`]).configuration.maxPods).toBe(value)
  })

  it('when headers for the address are given, then those of one name come together', () => {
    const header = ['--manifest-url-header=a:hello,b:again,a:world', '--manifest-url-header', 'b:beautiful']
    expect(load(['--manifest-url=http://10.0.0.1/pods', ...header, '--http-check-frequency=5s'])).toMatchObject({
      staticPodURL: 'http://10.0.0.1/pods',
      staticPodURLHeader: { a: ['hello', 'world'], b: ['again', 'beautiful'] },
      httpCheckFrequencyMs: 5000,
    })
  })

  it('when flags that no file has are without effect, then the log names them with the reason', () => {
    const { warnings } = load(['--cloud-provider=external', '--register-node'])
    expect(warnings.at(-1)?.fields).toEqual({
      settings: {
        '--cloud-provider': 'there is no cloud',
        registerNode: 'there is no API server to speak with',
      },
    })
  })
})

describe('given a bad configuration file', () => {
  it('when it is missing, then the words are upstream’s', () => {
    expect(exitOf(['--config=/gone.yaml'])).toMatchObject({
      exitCode: 1,
      message:
        'failed to load kubelet config file, path: /gone.yaml, error: failed to load Kubelet config file /gone.yaml, error failed to read kubelet config file "/gone.yaml", error: open /gone.yaml: no such file or directory',
    })
  })

  it.each([
    ['', 'kubelet config file "/c.yaml" was empty'],
    ['a: [\n', 'failed to decode: yaml: line '],
    ['- a\n', 'failed to decode: '],
    ['apiVersion: kubelet.config.k8s.io/v1beta1\n', "failed to decode: Object 'Kind' is missing in "],
    ['apiVersion: v1\nkind: Pod\n', 'failed to decode: no kind "Pod" is registered for version "v1"'],
    [
      `${HEAD}maxPods: many\n`,
      'failed to decode: json: cannot unmarshal string into Go struct field KubeletConfiguration.maxPods of type int32',
    ],
    [`${HEAD}staticPodPath: 7\n`, 'KubeletConfiguration.staticPodPath of type string'],
    [`${HEAD}fileCheckFrequency: soon\n`, 'time: invalid duration "soon"'],
    [`${HEAD}authentication: {anonymous: {enabled: maybe}}\n`, 'authentication.anonymous.enabled of type bool'],
    [`${HEAD}staticPodURLHeader: {Accept: text}\n`, 'KubeletConfiguration.staticPodURLHeader of type []string'],
  ])('when it is %j, then it exits 1 and says why', (text, part) => {
    const exit = exitOf(['--config=/c.yaml'], text)
    expect(exit.exitCode).toBe(1)
    expect(exit.message).toContain(part)
    expect(exit.message).toContain('/c.yaml')
  })

  it('when it has unknown fields or doubled keys, then they are forgiven with a line in the log', () => {
    const text = `${HEAD}staticPodPat: /x\nmaxPods: 3\nmaxPods: 4\nauthentication: {x509: {clientCA: y}}\n`
    const options = load(['--config=/c.yaml'], text)
    expect(options.staticPodPath).toBeNull()
    expect(options.configuration.maxPods).toBe(4)
    expect(options.warnings[0]).toMatchObject({
      channel: 'log',
      message: 'Using lenient decoding as strict decoding failed',
    })
    const said = String(options.warnings[0]?.fields['err'])
    expect(said).toContain('unknown field "staticPodPat"')
    expect(said).toContain('unknown field "authentication.x509.clientCA"')
    expect(said).toContain('already set in map')
  })
})
