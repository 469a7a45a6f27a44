import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileVerdict } from '../../../common/lab/file-verdict.ts'
import type { LabManager } from '../../../lab/lab-manager.ts'
import { runWords } from '../testing/run-words.ts'

describe('given a node with a manifest folder', () => {
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
})
