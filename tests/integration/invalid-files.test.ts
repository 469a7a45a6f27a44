/** Everything that was recorded to lie in a real kubelet's folder, dropped onto a real node at once. */
import { chmodSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pod } from '../../src-main/common/api/core.ts'
import type { FileVerdict } from '../../src-main/common/lab/file-verdict.ts'
import { loadInvalidFileCases, type InvalidFileCase } from '../golden/invalid-files.ts'
import { execIn } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { run, TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('files')
const cases = loadInvalidFileCases()
const accepted = cases.filter((example) => example.expected.state === 'accepted')

let verdicts: Map<string, FileVerdict>
let pods: Map<string, Pod>
let bystander: Pod

function fullName(pod: Pod): string {
  return `${pod.metadata.namespace}/${pod.metadata.name}`
}

/** Makes the entry as the case wants it; the target of a link lies elsewhere on the node. */
async function place(folder: string, example: InvalidFileCase): Promise<void> {
  const path = join(folder, example.file)
  switch (example.entry) {
    case 'file':
      // Whole or not at all: the first part of the largest would be a valid pod.
      await lab.drop('.arriving', example.content)
      renameSync(join(folder, '.arriving'), path)
      if (example.mode !== undefined) chmodSync(path, example.mode)
      return
    case 'directory':
      mkdirSync(path)
      return
    case 'symlink': {
      const text = Buffer.from(example.content).toString('base64')
      await execIn(`node-lab.${lab.name}.node01`, 'sh', '-c', `echo ${text} | base64 -d > /tmp/link-target.yaml`)
      symlinkSync('/tmp/link-target.yaml', path)
      return
    }
    case 'danglingSymlink':
      symlinkSync('/no/such/target.yaml', path)
      return
    case 'fifo':
      expect((await run('mkfifo', [path])).exitCode).toBe(0)
  }
}

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  await lab.drop('bystander.yaml', shellManifest('bystander', RUN_FOREVER))
  bystander = await lab.waitForRunning('bystander-node01')
  const folder = await lab.manifestsFolder()
  for (const example of cases) await place(folder, example)
  verdicts = await waitUntil({ what: 'a verdict for every entry', timeoutSeconds: 120 }, async () => {
    const files = new Map((await lab.files()).map((file) => [file.name, file]))
    return cases.every((example) => files.has(example.file)) ? files : undefined
  })
  pods = await waitUntil({ what: 'every accepted pod to run', timeoutSeconds: 180, intervalMs: 500 }, async () => {
    const found = new Map((await lab.pods()).map((pod) => [fullName(pod), pod]))
    const settled = accepted.every((example) => {
      const pod = found.get(example.expected.pod ?? '')
      return (
        pod !== undefined &&
        (example.container !== undefined || example.runtime !== undefined || pod.status?.phase === 'Running')
      )
    })
    return settled ? found : undefined
  })
})

afterAll(() => lab.dispose())

describe('given everything in the folder that was recorded with a real kubelet', () => {
  it.each(cases)('when $title lies there, then the verdict is the recorded decision', ({ file, expected }) => {
    const verdict = verdicts.get(file)
    expect(verdict).toMatchObject({ state: expected.state, reason: expected.reason })
    if (expected.message !== undefined) expect(verdict?.message).toBe(expected.message)
    if (expected.explanation !== undefined) expect(verdict?.explanation).toContain(expected.explanation)
    if (expected.line !== undefined) expect(verdict?.line).toBe(expected.line)
    if (expected.warnings !== undefined)
      expect(verdict?.warnings.map(({ reason }) => reason)).toEqual(expected.warnings)
    if (expected.state === 'rejected') expect(verdict?.explanation).not.toBe('')
  })

  it('when all is settled, then exactly the accepted ones are pods', () => {
    const expectedPods = new Set([...accepted.map((example) => example.expected.pod), 'default/bystander-node01'])
    expect(new Set(pods.keys())).toEqual(expectedPods)
  })

  it('when an image name is in capitals, then its container waits with the recorded words', () => {
    for (const example of accepted) {
      if (example.container === undefined) continue
      expect(pods.get(example.expected.pod ?? '')?.status?.containerStatuses?.[0]?.state.waiting).toEqual(
        example.container,
      )
    }
  })

  it('when a manifest says that it is deleted, then its pod is listed as Pending and never started', async () => {
    expect(pods.get('default/deleted-node01')?.status?.phase).toBe('Pending')
    expect(await lab.containers('container', 'label=io.kubernetes.pod.name=deleted-node01')).toEqual([])
  })

  it('when all of this happens, then the pod that ran before is untouched', async () => {
    const now = await lab.pod('bystander-node01')
    expect(now?.metadata.uid).toBe(bystander.metadata.uid)
    expect(now?.status?.containerStatuses?.[0]?.containerID).toBe(bystander.status?.containerStatuses?.[0]?.containerID)
    expect(now?.status?.containerStatuses?.[0]?.restartCount).toBe(0)
  })
})
