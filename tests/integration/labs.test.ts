/** Labs as wholes on the real engine: exported, deleted and imported; cloned; renamed; and mended after something was removed behind their backs. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportedLab } from '../../src-main/common/lab/lab-archive.ts'
import type { LabStatus } from '../../src-main/common/lab/lab-status.ts'
import { countObjects, engineApi, listContainers, removeContainer } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { run, TestLab, type CommandResult } from '../support/test-lab.ts'

const lab = new TestLab('labs')
const copy = new TestLab('labs-copy', lab.home)
const renamed = new TestLab('labs-renamed', lab.home)
const folder = mkdtempSync('/tmp/node-lab-archives-')
const archive = join(folder, 'course.lab.tar.gz')

/** `node-lab WORDS` without `--lab`. */
async function ok(...words: string[]): Promise<CommandResult> {
  const result = await run(process.execPath, [lab.program, ...words], lab.environment)
  if (result.exitCode !== 0) throw new Error(`node-lab ${words.join(' ')} failed:\n${result.stderr}`)
  return result
}

async function onNode(of: TestLab, node: string, script: string): Promise<string> {
  return (await of.ok('shell', node, '--', 'sh', '-c', script)).trim()
}

async function up(of: TestLab): Promise<string[]> {
  const { repairs = [] } = await of.json<LabStatus>('up', '--json')
  return repairs.map((note) => ('node' in note ? `${note.kind} ${note.node}` : note.kind))
}

function idsOf(of: TestLab, node: string): Promise<string[]> {
  return listContainers(`label=${of.label}`, `label=io.node-lab.node=${node}`)
}

beforeAll(async () => {
  await lab.ok('up', '--preset', 'two-nodes')
  await lab.drop('web.yaml', shellManifest('web', RUN_FOREVER))
  await lab.drop('secret.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n')
  await onNode(
    lab,
    'node02',
    'mkdir /opt/moved && sed -i "s#^staticPodPath.*#staticPodPath: /opt/moved#" /var/lib/kubelet/config.yaml' +
      ' && echo \'KUBELET_EXTRA_ARGS="--v=3"\' > /etc/default/kubelet && ln -s /etc/kubernetes/pki /opt/moved/keys && systemctl restart kubelet',
  )
  await onNode(lab, 'node02', `cat > /opt/moved/far.yaml <<'END'\n${shellManifest('far', RUN_FOREVER)}\nEND`)
  await lab.ok('node', 'settings', 'node01', '--set', 'maxPods=9', '--set', 'labels=disk=ssd')
  await lab.waitForRunning('web-node01')
  await lab.waitForRunning('far-node02')
})

afterAll(async () => {
  await copy.ok('delete')
  await renamed.ok('delete')
  await lab.dispose()
  rmSync(folder, { recursive: true, force: true })
})

describe('given a lab with pods, a moved manifest folder and settings', () => {
  it('when it is exported, then manifests and settings are in the file, and a Secret and a link are left out by name', async () => {
    const { leftOut, manifests, images } = JSON.parse(
      (await ok('lab', 'export', lab.name, archive, '--json')).stdout,
    ) as { leftOut: { path: string; why: string }[]; manifests: number; images: string[] }
    expect(manifests).toBe(1)
    expect(images).toEqual(['busybox:1.36'])
    expect(leftOut.map(({ path, why }) => `${why} ${path}`)).toEqual([
      'secret /etc/kubernetes/manifests/secret.yaml',
      'not-a-file /opt/moved/keys',
    ])
    const { stdout } = await run('tar', ['-xzOf', archive])
    expect(stdout).toContain('/opt/moved')
    expect(stdout).not.toMatch(/hunter2|PRIVATE KEY/)
  })

  it('when the file is imported under another name, then nothing runs before it is started, and then everything is as it was', async () => {
    const imported = JSON.parse((await ok('lab', 'import', archive, '--as', copy.name, '--json')).stdout) as ImportedLab
    expect(imported).toMatchObject({ status: { state: 'stopped' }, manifests: 1, missingImages: [] })
    expect(await copy.allContainers()).toEqual([])
    expect(await up(copy)).toEqual([])
    await copy.waitForRunning('web-node01')
    await copy.waitForRunning('far-node02')
    // Beside the original, which noticed nothing.
    await lab.waitForRunning('web-node01')
    expect(await onNode(copy, 'node02', 'cat /etc/default/kubelet; ps -ef | grep -c "[-]-v=3"')).toBe(
      'KUBELET_EXTRA_ARGS="--v=3"\n1',
    )
    const settings = await copy.json<{ name: string; value?: string }[]>('node', 'settings', 'node01', '--json')
    expect(settings).toMatchObject([{ name: 'maxPods', value: '9' }, {}, {}, {}, { name: 'labels', value: 'disk=ssd' }])
  })

  it('when it is stopped and renamed, then disks, uids and restart counts are as before, and nothing bears the old name', async () => {
    await copy.ok('crash', 'web-node01')
    const before = await copy.waitForRunning('web-node01', 1)
    await onNode(copy, 'node01', 'echo mine > /srv/mine')
    const refused = await run(
      process.execPath,
      [lab.program, 'lab', 'rename', copy.name, renamed.name],
      lab.environment,
    )
    expect(refused.stderr).toContain('Stop it first')
    await copy.ok('down')
    await ok('lab', 'rename', copy.name, renamed.name)
    for (const kind of ['container', 'volume', 'network'] as const) expect(await countObjects(kind, copy.label)).toBe(0)
    expect(await up(renamed)).toEqual([])
    const after = await renamed.waitForRunning('web-node01', 2)
    expect(after.metadata.uid).toBe(before.metadata.uid)
    expect(await onNode(renamed, 'node01', 'cat /srv/mine')).toBe('mine')
    expect((await renamed.timeline()).map(({ reason }) => reason)).toContain('ContainerDied')
    expect(readdirSync(join(lab.home, 'labs')).toSorted()).toEqual([lab.name, renamed.name].toSorted())
  })

  it('when a node is to be renamed, then it is told why not and what to do instead', async () => {
    const { exitCode, stderr } = await lab.cli('node', 'rename', 'node01', 'other')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/cannot be renamed.*node-lab node add other/s)
  })

  it.each([
    ['an archive that is cut short', 'half.lab.tar.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])],
    ['text', 'text.lab.tar.gz', Buffer.from('kind: Pod')],
  ])('when %s is imported, then it is refused and nothing of it is left', async (_what, name, content) => {
    const file = join(folder, name)
    writeFileSync(file, content)
    const { exitCode, stderr } = await run(process.execPath, [lab.program, 'lab', 'import', file], lab.environment)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('the archive is refused')
    expect(readdirSync(join(lab.home, 'labs')).toSorted()).toEqual([lab.name, renamed.name].toSorted())
  })
})

describe('given parts of a lab that somebody removes', () => {
  const remove = async (kind: 'networks' | 'volumes', name: string): Promise<void> => {
    await engineApi('DELETE', `/${kind}/${name}`)
  }

  it('when its containers and its network go, then `up` makes them anew and says so, and pods run as before', async () => {
    const uid = (await renamed.pod('web-node01'))?.metadata.uid
    // Runtime services first: one that is at work makes new ones.
    for (const id of await renamed.containers('runtime')) await removeContainer(id)
    for (const id of await renamed.allContainers()) await removeContainer(id)
    await remove('networks', `node-lab.${renamed.name}`)
    expect(await up(renamed)).toEqual(['network', 'containers node01', 'containers node02'])
    expect(
      (await renamed.waitForPod('web-node01', 'running', ({ status }) => status?.phase === 'Running')).metadata.uid,
    ).toBe(uid)
    expect(await up(renamed)).toEqual([])
  })

  it('when the volume of a node goes, then what is lost is said, and the other node is as it was', async () => {
    for (const id of await renamed.containers('runtime', 'label=io.node-lab.node=node02')) await removeContainer(id)
    for (const id of await idsOf(renamed, 'node02')) await removeContainer(id)
    await remove('volumes', `node-lab.${renamed.name}.node02`)
    const told = await renamed.ok('up', '--json')
    expect((JSON.parse(told) as LabStatus).repairs).toEqual([{ kind: 'volume', node: 'node02' }])
    expect(await onNode(renamed, 'node02', 'grep staticPodPath /var/lib/kubelet/config.yaml')).toContain('manifests')
    expect(await onNode(renamed, 'node01', 'cat /srv/mine')).toBe('mine')
  })

  it('when its whole folder goes, then `up` finds its nodes again with their disks', async () => {
    rmSync(join(lab.home, 'labs', renamed.name), { recursive: true, force: true })
    expect(await up(renamed)).toEqual(['lab-file', 'manifests node01', 'manifests node02'])
    expect(await onNode(renamed, 'node01', 'cat /srv/mine')).toBe('mine')
  })
})
