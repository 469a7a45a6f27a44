/** Bad input at every surface of a live lab gets a clear message and changes nothing. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execIn, inspectContainer, listContainers } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'

const lab = new TestLab('bad-input')

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  await lab.drop('steady.yaml', shellManifest('steady', RUN_FOREVER))
  await lab.waitForRunning('steady-node01')
})

afterAll(() => lab.dispose())

/** All that a wrong command must leave as it is. */
async function state(): Promise<unknown> {
  return {
    file: readFileSync(join(lab.home, 'labs', lab.name, 'lab.yaml'), 'utf8'),
    manifests: readdirSync(await lab.manifestsFolder()),
    containers: (await listContainers(`label=${lab.label}`, 'status=running')).toSorted(),
    labs: readdirSync(join(lab.home, 'labs')),
  }
}

describe('given a running lab, when the command line is used wrongly', () => {
  let before: unknown
  beforeAll(async () => {
    before = await state()
  })

  const cases: [words: string[], exitCode: number, says: RegExp][] = [
    [['frobnicate'], 2, /frobnicate/],
    [['up', '--nodes', 'many'], 2, /many/],
    [['up', '--nodes', '0'], 2, /from 1 to 50, not "0"/],
    [['pods', 'node99'], 1, /node99/],
    [['manifests'], 2, /missing required argument 'node'/],
    [['apply', '/no/such/file.yaml', 'node01'], 1, /\/no\/such\/file\.yaml/],
    [['remove', 'node01', 'nothing.yaml'], 1, /nothing\.yaml/],
    [['remove', 'node01', '../../lab.yaml'], 2, /lab\.yaml/],
    [['crash', 'nobody'], 1, /nobody/],
    [['logs', 'steady-node01', 'sidecar'], 1, /sidecar/],
    [['node', 'add', 'Bad_Name'], 2, /Bad_Name/],
    [['node', 'remove', 'node99'], 1, /node99/],
    [['pods', '-o', 'toml'], 2, /toml/],
    [['pods', 'node01', 'node02'], 2, /argument/],
    [['exec', 'steady-node01'], 2, /command/],
    [['apply', '/dev/zero', 'node01', '--name', 'endless.yaml'], 1, /larger than 10 MiB/],
    [['apply', '/tmp', 'node01', '--name', 'folder.yaml'], 1, /\/tmp/],
  ]
  it.each(cases)('%j then it exits with %i and says what is wrong', async (words, exitCode, says) => {
    const result = await lab.cli(...words)
    expect(result.exitCode, result.stderr).toBe(exitCode)
    expect(result.stderr).toMatch(says)
    expect(result.stderr).not.toMatch(/\n\s+at /)
    expect(result.stdout).toBe('')
  })

  it.each(['up', 'status', 'delete', 'pods'])(
    '`%s` of a lab name that is no name, then it exits with 2',
    async (word) => {
      const result = await new TestLab('Not A Name', lab.home).cli(word)
      expect(result.exitCode).toBe(2)
      expect(result.stderr).toMatch(/Not A Name/)
    },
  )

  it('then nothing of all this has changed anything', async () => {
    expect(await state()).toEqual(before)
  })
})

describe('given a manifest, when it is applied', () => {
  const source = (name: string, content: string): string => {
    const path = join(lab.home, name)
    writeFileSync(path, content)
    return path
  }

  it('and a pod comes from it, then the pod is named, in either order of node and file', async () => {
    const good = source('good.yaml', shellManifest('good', RUN_FOREVER, { runtimeClassName: 'fast' }))
    const placed = await lab.ok('apply', good, 'node01')
    expect(placed).toMatch(/^good\.yaml is placed on node01: pod default\/good-node01\.$/m)
    expect(placed).toMatch(/note: line 1, column \d+: spec\.runtimeClassName is not carried out/)
    const replaced = await lab.ok(
      'apply',
      'node01',
      source('good.yaml', shellManifest('good2', RUN_FOREVER)),
      '--replace',
    )
    expect(replaced).toBe('good.yaml is replaced on node01: pod default/good2-node01.\n')
    await lab.ok('remove', 'good.yaml', 'node01')
  })

  it('and none comes from it, then it exits with 1 and says why and where', async () => {
    const result = await lab.cli('apply', source('broken.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: [\n'), 'node01')
    expect(result.exitCode).toBe(1)
    expect(result.stdout).toMatch(
      /broken\.yaml is placed on node01, but no pod comes from it \(InvalidYAML\):\n {3}line \d/,
    )
    await lab.ok('remove', 'node01', 'broken.yaml')
  })

  it('and the kubelet does not run, then it is said when the file will be read', async () => {
    await lab.ok('shell', 'node01', '--', 'systemctl', 'stop', 'kubelet')
    const later = source('later.yaml', shellManifest('later', RUN_FOREVER))
    expect(await lab.ok('apply', later, 'node01')).toBe(
      'later.yaml is placed on node01. The kubelet is not running: it reads this file when it starts.\n',
    )
    await lab.ok('shell', 'node01', '--', 'systemctl', 'start', 'kubelet')
    await lab.waitForRunning('later-node01')
    await lab.ok('remove', 'node01', 'later.yaml')
    await lab.waitForGone('later-node01')
    await lab.waitForGone('good2-node01')
  })
})

describe('given a lab.yaml that somebody broke', () => {
  it('when the lab is asked for, then the message names file and field, and the pods run on', async () => {
    const path = join(lab.home, 'labs', lab.name, 'lab.yaml')
    const good = readFileSync(path, 'utf8')
    const [pod] = await lab.containers('container', 'status=running')
    appendFileSync(path, 'policy: {allowEverything: true}\n')
    const unknownField = await lab.cli('up')
    expect(unknownField.exitCode).toBe(1)
    expect(unknownField.stderr).toMatch(/policy/)
    writeFileSync(path, '{{{')
    const broken = await lab.cli('status')
    expect(broken.exitCode).toBe(1)
    expect(broken.stderr).toMatch(/lab\.yaml/)
    writeFileSync(path, good)
    expect(await lab.containers('container', 'status=running')).toEqual([pod])
    await lab.ok('up')
  })
})

describe('given the CRI socket on a node', () => {
  it('when rubbish is sent, then the runtime service answers an error or closes, and goes on', async () => {
    const node = `node-lab.${lab.name}.node01`
    const runtime = `node-lab.${lab.name}.node01.runtime`
    const startedAt = (await inspectContainer(runtime)).State.StartedAt
    await execIn(
      node,
      'sh',
      '-c',
      'head -c 65536 /dev/urandom | timeout 5 socat - UNIX-CONNECT:/run/containerd/containerd.sock || true',
    )
    await execIn(
      node,
      'sh',
      '-c',
      'printf "GET / HTTP/1.1\\r\\n\\r\\n" | timeout 5 socat - UNIX-CONNECT:/run/containerd/containerd.sock || true',
    )
    await lab.drop('next.yaml', shellManifest('next', RUN_FOREVER))
    await lab.waitForRunning('next-node01')
    expect((await inspectContainer(runtime)).State.StartedAt).toBe(startedAt)
    expect((await lab.pod('steady-node01'))?.status?.containerStatuses?.[0]?.restartCount).toBe(0)
  })
})
