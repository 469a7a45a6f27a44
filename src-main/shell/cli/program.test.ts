import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { LabError } from '../../common/lab-error.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import { FakeExperiments } from '../testing/fake-experiments.ts'
import { computeFailure, UsageError } from './exit-codes.ts'
import { formatTable, printable } from './output.ts'
import { createProgram } from './program.ts'

interface Outcome {
  printed: string[]
  exitCode: number
}

/** Runs the words against a lab manager that has only the methods given. */
async function runWords(
  words: string[],
  manager: Partial<LabManager>,
  experiments?: FakeExperiments,
): Promise<Outcome> {
  const printed: string[] = []
  let exitCode = 0
  const program = createProgram({
    terminal: {
      print: (line) => printed.push(line),
      write: (text) => printed.push(text),
      note: (line) => printed.push(`note: ${line}`),
      progress: () => undefined,
      done: () => undefined,
    },
    clock: new FakeClock(),
    signal: new AbortController().signal,
    // A method that is not given and called all the same fails the test with a TypeError.
    labManager: () => Promise.resolve(manager as LabManager),
    experiments: () =>
      experiments === undefined ? Promise.reject(new Error('no experiments here')) : Promise.resolve(experiments),
    untilPutBack: (work) => work,
    exitWith: (code) => {
      exitCode = code
    },
  })
  for (const command of [program, ...program.commands]) command.configureOutput({ writeErr: () => undefined })
  await program.parseAsync(words, { from: 'user' })
  return { printed, exitCode }
}

const pod = {
  metadata: { name: 'web-node01', namespace: 'default', uid: 'u' },
  spec: { nodeName: 'node01', containers: [{ name: 'nginx' }] },
  status: { phase: 'Running' as const },
}

describe('command line', () => {
  it('given a command for a node, when it has options, then they are the command’s, wherever the lab is named', async () => {
    const asked: unknown[] = []
    const shell: LabManager['shell'] = (target, { command }) => {
      asked.push([target, command])
      return Promise.resolve(0)
    }
    const journal = ['journalctl', '-u', 'kubelet', '-n', '5']
    await runWords(['shell', 'node02', '--lab', 't', ...journal], { shell })
    await runWords(['shell', 'node02', ...journal, '--lab', 't'], { shell })
    await runWords(['shell', 'node02', '--lab', 't', '--', 'ps', '-ef'], { shell })
    const target = { lab: 't', node: 'node02' }
    expect(asked).toEqual([
      [target, journal],
      [target, journal],
      [target, ['ps', '-ef']],
    ])
    await expect(runWords(['shell', 'node02', '--labb', 't'], { shell })).rejects.toThrow(UsageError)
  })

  it.each([
    [['frobnicate']],
    [['up', '--nodes', '0']],
    [['up', '--lab', 'Not A Name']],
    [['status', '--lab', 'Not A Name']],
    [['manifests']],
    [['pods', '-o', 'toml']],
    [['remove', 'node01', '../escape.yaml']],
    [['serve', '--port', '99999']],
    [['settings', 'get', 'policy']],
    [['settings', 'set', 'theme', 'pink']],
    [['settings', 'set', 'zoomLevel', 'large']],
    [['apply', '-', 'node01']],
    [['component', 'stop', 'nginx']],
  ])('given %j, when parsed, then it is a usage error and the lab is not touched', async (words) => {
    const outcome = runWords(words, {})
    await expect(outcome).rejects.toSatisfy((error) => error instanceof UsageError || error instanceof CommanderError)
  })

  it('given pods, when asked for JSON, then a v1 PodList is printed', async () => {
    const { printed } = await runWords(['pods', '-o', 'json'], { pods: () => Promise.resolve([pod]) })
    expect(JSON.parse(printed.join('\n'))).toEqual({ apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [pod] })
  })

  it('given simulated nodes, when pods are asked for, then it is said how to see theirs; those of one are listed', async () => {
    const simulatedNodes: LabStatus['simulatedNodes'] = {
      count: 3,
      names: ['sim001-sim003'],
      container: 'running',
      manifestsPath: '/m',
    }
    const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '', nodes: [], simulatedNodes }
    const simulated = {
      ...pod,
      metadata: { ...pod.metadata, name: 'agent-x7k0p' },
      spec: { ...pod.spec, nodeName: 'sim002' },
    }
    const manager = {
      pods: () => Promise.resolve([pod]),
      labStatus: () => Promise.resolve(lab),
      apiPodsOf: async ({ node }: { node: string }) => (node === 'sim002' ? [simulated] : []),
    }
    const { printed } = await runWords(['pods'], manager)
    expect(printed.slice(1)).toEqual([
      expect.stringContaining('web-node01'),
      expect.stringMatching(/^note: The pods of 3 simulated nodes .* node-lab pods sim001 .* get pods -A -o wide$/),
    ])
    expect((await runWords(['pods', 'sim002'], manager)).printed.at(-1)).toMatch(/^agent-x7k0p .* sim002$/)
    await expect(runWords(['pods', 'sim002', '--watch'], manager)).rejects.toThrow('get pods -A -w')
    const { printed: json } = await runWords(['pods', '-o', 'json'], manager)
    expect(JSON.parse(json.join('\n'))).toMatchObject({ items: [pod] })
  })

  it('given a run that was killed, when the lab is started, then what it changed is put back, and the lab read anew', async () => {
    const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '', nodes: [] }
    const experiments = new FakeExperiments()
    experiments.left = { experiment: 'taint', message: '2 changes are left' }
    const manager = { up: () => Promise.resolve({ ...lab, folder: '/old' }), labStatus: () => Promise.resolve(lab) }
    const { printed } = await runWords(['up', '--json'], manager, experiments)
    expect(printed.slice(0, 2)).toEqual([
      'note: An experiment (taint) was cut short: putting back what it changed',
      'note: The lab is as it was before.',
    ])
    expect(JSON.parse(printed.slice(2).join('\n'))).toEqual(lab)
  })

  it('given what people did, when the timeline is asked for, then text has it, and JSON only with --actions', async () => {
    const action = {
      id: '1',
      lab: 'default',
      kind: 'KubeletStopped',
      time: '2026-01-01T10:00:00.000Z',
      node: 'node01',
    } as const
    const manager = { timeline: () => Promise.resolve([]), actions: () => Promise.resolve([action]) }
    const table = (await runWords(['timeline', '-o', 'table'], manager)).printed
    expect(table).toEqual(['10:00:00.000 > node01  KubeletStopped by you'])
    const [day, line] = (await runWords(['timeline'], manager)).printed
    expect([day, line?.slice(8)]).toEqual(['2026-01-01', ' > You stopped the kubelet: node01.'])
    expect((await runWords(['timeline', '--since', '2026-01-02T00:00:00Z'], manager)).printed).toEqual([])
    await expect(runWords(['timeline', '--since', 'yesterday'], manager)).rejects.toThrow('--since takes a time')
    expect((await runWords(['timeline', '-o', 'json'], manager)).printed).toEqual(['[]'])
    const { printed } = await runWords(['timeline', '-o', 'json', '--actions'], manager)
    expect(JSON.parse(printed.join('\n'))).toEqual([action])
  })

  it('given a pod of which nothing is known, when its timeline is asked for, then near ones are named and it fails', async () => {
    const entry: TimelineEntry = {
      ...{ node: 'node01', boot: 'b', sequence: 1, time: '2026-01-01T10:00:00.000Z', type: 'Normal', subject: 'pod' },
      ...{ reason: 'Scheduled', message: 'there', pod: { namespace: 'default', name: 'web-node01', uid: 'u' } },
    }
    const manager = { timeline: () => Promise.resolve([entry]), actions: () => Promise.resolve([]) }
    await expect(runWords(['timeline', 'web'], manager)).rejects.toMatchObject({
      kind: 'NotFound',
      remedy: 'Do you mean web-node01?',
    })
    await expect(runWords(['timeline', 'nosuch', '-o', 'table'], manager)).rejects.toMatchObject({
      kind: 'NotFound',
      remedy: 'There are: web-node01.',
    })
    expect((await runWords(['timeline', 'nosuch', '-o', 'json'], manager)).printed).toEqual(['[]'])
  })

  it('given a drain that a disruption budget forbids, then what stays is told with its reason, and the exit code is 1', async () => {
    const outcome = {
      evicted: ['default/by-hand'],
      blocked: [{ pod: 'default/shop-1', message: 'The disruption budget shop needs 1 healthy pods' }],
      daemonSetPods: ['default/agent-1'],
      mirrorPods: ['default/web-node01'],
    }
    const { printed, exitCode } = await runWords(['node', 'drain', 'node01'], { drainNode: async () => outcome })
    expect(printed).toEqual([
      'evicted: default/by-hand',
      'stays, its DaemonSet would make it again: default/agent-1',
      'stays, a static pod runs as long as its file is there: default/web-node01',
      'not evicted: default/shop-1: The disruption budget shop needs 1 healthy pods',
      expect.stringContaining('not drained'),
    ])
    expect(exitCode).toBe(1)
  })

  it('given a component, when it is stopped, then the manager is asked and it is said where its manifest is kept', async () => {
    const asked: string[] = []
    const { printed } = await runWords(['component', 'stop', 'kube-scheduler'], {
      stopComponent: (...words) => Promise.resolve(void asked.push(...words)),
      components: async () => [
        {
          component: 'kube-scheduler',
          file: 'kube-scheduler.yaml',
          state: 'aside',
          path: '/labs/stopped/kube-scheduler.yaml',
        },
      ],
    })
    expect(asked).toEqual(['default', 'kube-scheduler'])
    expect(printed[0]).toContain('/labs/stopped/kube-scheduler.yaml')
  })

  it.each([
    [{ staticPodPath: '/etc/other' }, /^\/etc\/other on node01 is empty/],
    [{ staticPodPath: null }, /^The kubelet of node01 reads no manifest folder: no staticPodPath is set\.$/],
    [{ staticPodPath: null, staticPodURL: 'http://a/b' }, /is set, and http:\/\/a\/b has not answered yet\.$/],
  ])(
    'given a kubelet that says %j and no files, when they are listed, then it is said which folder is empty',
    async (said, words) => {
      const kubeletInfo = {
        ...{
          nodeName: 'node01',
          version: 'v1.35.0',
          boot: 'b',
          startedAt: '',
          pid: 1,
          arguments: [],
          runtimeReady: true,
        },
        ...{ staticPodPathSource: 'config' as const, ...said },
      }
      const node = { name: 'node01', role: 'worker', address: '', state: 'running', kubelet: 'running' } as const
      const rest = { runtimeService: 'running', manifestsPath: '', watchesMountedFolder: false } as const
      const status = {
        name: 'default',
        state: 'running',
        folder: '',
        subnet: '',
        nodes: [{ ...node, ...rest, kubeletInfo }],
      } as const
      const { printed } = await runWords(['files', 'node01'], {
        files: () => Promise.resolve([]),
        labStatus: () => Promise.resolve({ ...status, nodes: [...status.nodes] }),
      })
      expect(printed.join('\n')).toMatch(words)
    },
  )

  it('given a command after --, when it is run in a container, then its exit code is ours', async () => {
    const seen: string[][] = []
    const { exitCode } = await runWords(['exec', 'web-node01', '--lab', 'x', '--', 'sh', '-c', 'exit 7'], {
      pods: () => Promise.resolve([pod]),
      exec: (target, options) => {
        seen.push([target.lab, target.node, target.pod, ...options.command])
        return Promise.resolve(7)
      },
    })
    expect(seen).toEqual([['x', 'node01', 'web-node01', 'sh', '-c', 'exit 7']])
    expect(exitCode).toBe(7)
  })

  it.each([
    ['a device without end', '/dev/zero', 'larger than 10 MiB'],
    ['a program', process.execPath, 'larger than 10 MiB'],
    ['a folder', import.meta.dirname, 'is a folder'],
    ['a file that is not there', 'missing.yaml', 'There is no file'],
    ['a file below a file', 'latin1.yaml/web.yaml', 'There is no file'],
    ['bytes that are no text', 'latin1.yaml', 'not text in UTF-8'],
  ])('given %s, when it is applied, then it is refused and the node gets nothing', async (_what, file, says) => {
    const folder = mkdtempSync(join(tmpdir(), 'node-lab-apply-'))
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('# caf\xe9\n', 'latin1'))
    const outcome = runWords(['apply', resolve(folder, file), 'node01', '--name', 'x.yaml'], {})
    await expect(outcome).rejects.toThrow(says)
    rmSync(folder, { recursive: true })
  })

  const verdict: FileVerdict = {
    name: 'web.yaml',
    path: '/etc/kubernetes/manifests/web.yaml',
    state: 'accepted',
    reason: 'Pod',
    message: '',
    explanation: 'A pod follows from this manifest; its status says what became of it.',
    pod: { namespace: 'default', name: 'web-node01', uid: 'u' },
    warnings: [],
    sizeBytes: 1,
    modifiedAt: '2026-01-01T00:00:00Z',
    observedAt: '2026-01-01T00:00:00Z',
  }
  const applyWith = (judged: FileVerdict | undefined, words: string[] = [import.meta.filename, 'node01']) =>
    runWords(['apply', ...words, '--name', 'web.yaml'], {
      applyAndAwaitVerdict: ({ node }, name) =>
        Promise.resolve({ name: `${node}:${name}`, replaced: false, ...(judged && { verdict: judged }) }),
    })

  it('given a manifest, when the kubelet accepts it, then its pod is named, and what is passed over with its place', async () => {
    const warnings: FileVerdict['warnings'] = [
      {
        reason: 'FieldNotHonoured',
        message: 'spec.overhead is not carried out.',
        field: 'spec.overhead',
        line: 3,
        column: 5,
      },
    ]
    expect(await applyWith({ ...verdict, warnings })).toEqual({
      printed: [
        'node01:web.yaml is placed on node01: pod default/web-node01.',
        '   note: line 3, column 5: spec.overhead is not carried out.',
      ],
      exitCode: 0,
    })
  })

  it('given a manifest, when the kubelet refuses it, then it is told why and where, and the exit code is 1', async () => {
    const refused = { state: 'rejected', reason: 'InvalidYAML', explanation: 'Mend it.', line: 4, column: 1 } as const
    expect(await applyWith({ ...verdict, ...refused })).toEqual({
      printed: [
        'node01:web.yaml is placed on node01, but no pod comes from it (InvalidYAML):',
        '   line 4, column 1: Mend it.',
      ],
      exitCode: 1,
    })
  })

  it('given a manifest, when no kubelet runs, then it is said when it will be read, and that is no failure', async () => {
    const unread = { state: 'unread', reason: 'KubeletNotRunning', explanation: 'It reads it when it starts.' } as const
    expect(await applyWith({ ...verdict, ...unread })).toEqual({
      printed: ['node01:web.yaml is placed on node01. It reads it when it starts.'],
      exitCode: 0,
    })
  })

  it('given a manifest, when the kubelet says nothing of it, then the exit code is 1', async () => {
    const { printed, exitCode } = await applyWith(undefined)
    expect(printed.join()).toContain('its kubelet has not said what it makes of it')
    expect(exitCode).toBe(1)
  })

  it('given node and file in the other order, when they can be told apart, then they are taken as meant', async () => {
    const { printed } = await applyWith(verdict, ['node01', import.meta.filename])
    expect(printed).toEqual(['node01:web.yaml is placed on node01: pod default/web-node01.'])
    const removed: string[] = []
    const removeManifest: LabManager['removeManifest'] = async ({ node }, file) => void removed.push(`${node} ${file}`)
    await runWords(['remove', 'node01', 'web.yaml'], { removeManifest })
    await runWords(['remove', 'web.yaml', 'node01'], { removeManifest })
    expect(removed).toEqual(['node01 web.yaml', 'node01 web.yaml'])
    await expect(runWords(['remove', 'a.yaml', 'b.yaml'], { removeManifest })).rejects.toThrow('A node name consists')
  })

  it('given the switch of a lab, when it is set and shown, then who schedules pods of DaemonSets is told in words', async () => {
    const command = ['kube-controller-manager', '--feature-gates=ScheduleDaemonSetPods=false']
    const asked: unknown[] = []
    const manager: Partial<LabManager> = {
      setScheduling: (...words) => {
        asked.push(words)
        return Promise.resolve({ manifest: 'written' })
      },
      labStatus: (name) =>
        Promise.resolve({
          ...{ name, state: 'running', folder: '', subnet: '', nodes: [] },
          apiServer: { node: 'controlplane', endpoint: 'https://127.0.0.1:1', kubeconfig: '' },
        }),
      pods: () =>
        Promise.resolve([
          {
            metadata: { name: 'kube-controller-manager-controlplane' },
            spec: { containers: [{ name: 'c', command }] },
          },
        ]),
    }
    const set = await runWords(['control-plane', 'set', '--schedule-daemonset-pods=true'], manager)
    expect(asked).toEqual([['default', true]])
    expect(set.printed.join()).toMatch(/^The kube-scheduler binds pods of DaemonSets.*says so now/)
    const shown = await runWords(['control-plane', 'show'], manager)
    expect(shown.printed.join()).toMatch(/^ScheduleDaemonSetPods=false.*as up to Kubernetes 1\.11/)
    await expect(runWords(['control-plane', 'set'], {})).rejects.toBeInstanceOf(CommanderError)
    await expect(runWords(['control-plane', 'set', '--schedule-daemonset-pods=no'], {})).rejects.toThrow(UsageError)
  })

  it('given the sample shelf, when it is listed and one is asked for, then kinds are told and the file is printed', async () => {
    const { printed } = await runWords(['samples'], {})
    expect(printed.join('\n')).toMatch(/^log-collector-daemonset +DaemonSet +A log collector on every node\.$/m)
    const [file] = (await runWords(['samples', 'log-collector-daemonset'], {})).printed
    expect(file).toMatch(/^kind: DaemonSet$/m)
    await expect(runWords(['samples', 'nothing'], {})).rejects.toThrow('there is no sample "nothing"')
  })

  it('given failures of each kind, when they end a command, then the exit code tells them apart', () => {
    expect(computeFailure(new UsageError('x')).exitCode).toBe(2)
    expect(computeFailure(new LabError({ kind: 'NoEngine', message: 'none', remedy: 'Install one.' }))).toEqual({
      exitCode: 3,
      message: 'none. Install one.',
    })
    expect(computeFailure(new LabError({ kind: 'NotFound', message: 'x' })).exitCode).toBe(1)
    expect(computeFailure(new Error('boom'))).toEqual({ exitCode: 1, message: 'boom' })
  })
})

describe('output', () => {
  it('given rows of different widths, when formatted, then columns line up and nothing trails', () => {
    expect(
      formatTable(
        ['NAME', 'X'],
        [
          ['a', '1'],
          ['longer', ''],
        ],
      ),
    ).toEqual(['NAME     X', 'a        1', 'longer'])
  })

  it('given a cell from outside, when formatted, then its control characters are harmless', () => {
    expect(formatTable(['POD'], [['a\u001B[2J']])).toEqual(['POD', 'a\uFFFD[2J'])
  })

  it('given control characters, when printed, then they cannot steer the terminal', () => {
    expect(printable('a\u001B[2Jb\tc')).toBe('a\uFFFD[2Jb\tc')
  })
})
