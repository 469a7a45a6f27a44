/** What may lie in the manifest folder, and how its changes are noticed. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

describe('verdicts', () => {
  it('given things that are no manifests, then each has a verdict and no other pod is touched', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    mkdirSync(join(node.folder, 'sub'))
    symlinkSync('/nowhere/at/all', join(node.folder, 'dangling.yaml'))
    execFileSync('mkfifo', [join(node.folder, 'pipe.yaml')])
    await node.write('.hidden.yaml', aManifest('hidden'))
    await node.write('broken.yaml', 'apiVersion: v1\nkind: Pod\n\tmetadata: x\n')
    await node.write('deploy.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {}\n')
    await node.write('empty.yaml', '')
    await node.write('big.yaml', `# ${'x'.repeat(10 * 1024 * 1024)}`)
    await node.pass(20_000)
    const verdicts = node.kubelet.files().map(({ name, state, reason }) => `${name} ${state} ${reason}`)
    expect(verdicts).toEqual([
      '.hidden.yaml ignored DotFile',
      'big.yaml rejected TooLarge',
      'broken.yaml rejected InvalidYAML',
      'dangling.yaml rejected DanglingLink',
      'deploy.yaml rejected NotAPod',
      'empty.yaml rejected Empty',
      'pipe.yaml rejected NotRegularFile',
      'sub ignored Directory',
      'web.json accepted Pod',
    ])
    expect(node.podNames()).toEqual(['web-node01'])
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
    expect(node.file('deploy.yaml').message).toContain('no kind "Deployment" is registered for version "apps/v1"')
  })

  it('given names that are not UTF-8, then each file has its verdict, and its pod runs as on a real node', async () => {
    await using node = await newTestKubelet()
    const inside = (name: string): Buffer =>
      Buffer.concat([Buffer.from(`${node.folder}/`), Buffer.from(name, 'latin1')])
    writeFileSync(inside('café.json'), JSON.stringify(aManifest('coffee')))
    writeFileSync(inside('thé.yaml'), 'kind: Pod\n')
    await node.pass(2000)
    expect(node.kubelet.files().map(({ name, path, reason }) => [name, path, reason])).toEqual([
      ['caf\\xe9.json', `${node.folder}/caf\\xe9.json`, 'Pod'],
      ['th\\xe9.yaml', `${node.folder}/th\\xe9.yaml`, 'MissingAPIVersion'],
    ])
    expect(node.pod('coffee').status?.phase).toBe('Running')
    rmSync(inside('café.json'))
    await node.pass(21_000)
    expect(node.podNames()).toEqual([])
  })

  it('given fields that this kubelet does not honour, then the verdict names each with its place', async () => {
    await using node = await newTestKubelet()
    await node.write(
      'web.yaml',
      [
        'apiVersion: v1',
        'kind: Pod',
        'metadata: {name: web}',
        'spec:',
        '  runtimeClassName: fast',
        '  containers:',
        '    - name: c',
        '      image: busybox:1.36',
        '      imagee: busybox',
      ].join('\n'),
    )
    expect(node.file('web.yaml')).toMatchObject({ state: 'accepted' })
    expect(node.file('web.yaml').warnings).toEqual([
      {
        reason: 'UnknownField',
        field: 'spec.containers[0].imagee',
        line: 9,
        column: 7,
        message:
          'Container has no field imagee: a kubelet drops spec.containers[0].imagee without a word; did you mean image?',
      },
      {
        reason: 'FieldNotHonoured',
        field: 'spec.runtimeClassName',
        line: 5,
        column: 3,
        message:
          'spec.runtimeClassName is not carried out by this version of Node Lab: the one runtime of the node is used.',
      },
    ])
    const told = node.timeline().filter((entry) => entry.details?.['field'] === 'spec.runtimeClassName')
    expect(told.map(({ reason }) => reason)).toEqual(['FieldNotSupported'])
  })

  it('given what the lab’s policy will refuse, then the verdict says so beforehand, and the timeline leaves it to the pod', async () => {
    await using node = await newTestKubelet()
    const securityContext = { privileged: true }
    await node.write('root.json', aManifest('root', { containers: [{ name: 'c', image: 'i', securityContext }] }))
    expect(node.file('root.json').warnings).toMatchObject([
      { reason: 'NotAllowed', field: 'spec.containers[0].securityContext.privileged', line: 1 },
    ])
    expect(node.timeline().filter(({ file, type }) => file === 'root.json' && type === 'Warning')).toEqual([])
  })

  it('given a Deployment, then nothing starts and the timeline says why', async () => {
    await using node = await newTestKubelet()
    await node.write('deploy.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n')
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
    expect(node.timeline().at(-1)).toMatchObject({ type: 'Warning', reason: 'FileRejected', file: 'deploy.yaml' })
  })

  it('given a link to a manifest elsewhere, then its pod runs, and an edit of the target is found by the listing', async () => {
    await using node = await newTestKubelet()
    const target = join(node.root, 'web.json')
    writeFileSync(target, JSON.stringify(aManifest('web')))
    symlinkSync(target, join(node.folder, 'web.json'))
    await node.pass(1100)
    const { uid } = node.pod('web').metadata
    writeFileSync(target, JSON.stringify(aManifest('web', {}, { labels: { a: 'b' } })))
    await node.pass(21_000)
    expect(node.pod('web').metadata.uid).not.toBe(uid)
  })
})

describe('two files of one pod', () => {
  it('given a duplicate, then the last in the order of names counts, and the other one takes over when it goes', async () => {
    await using node = await newTestKubelet()
    await node.write('a.json', aManifest('same', {}, { labels: { file: 'a' } }))
    await node.write('b.json', aManifest('same', {}, { labels: { file: 'b' } }))
    await node.pass(500)
    expect(node.podNames()).toEqual(['same-node01'])
    expect(node.pod().metadata.labels).toEqual({ file: 'b' })
    expect(node.file('a.json')).toMatchObject({ state: 'shadowed', reason: 'DuplicatePod' })
    await node.remove('b.json')
    await node.pass(500)
    expect(node.pod().metadata.labels).toEqual({ file: 'a' })
    expect(node.file('a.json').state).toBe('accepted')
  })
})

describe('a file that names another pod', () => {
  it('given an edit of the name, then both pods run until the next listing, which removes the old one', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('one'))
    await node.write('web.json', aManifest('two'))
    await node.pass(15_000)
    expect(node.podNames().toSorted()).toEqual(['one-node01', 'two-node01'])
    expect(node.file('web.json')).toMatchObject({ state: 'accepted', pod: { name: 'two-node01' } })
    await node.pass(5000)
    expect(node.podNames()).toEqual(['two-node01'])
  })

  it('given the old name in another file before the listing, then that file defines its pod', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('one'))
    await node.write('web.json', aManifest('two'))
    await node.write('other.json', aManifest('one', {}, { labels: { file: 'other' } }))
    await node.pass(1000)
    expect(node.pod('one').metadata.labels).toEqual({ file: 'other' })
    await node.pass(20_000)
    expect(node.podNames().toSorted()).toEqual(['one-node01', 'two-node01'])
  })

  it('given the first name again before the listing, then its pod has never ended', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('one'))
    await node.write('web.json', aManifest('two'))
    await node.write('web.json', aManifest('one'))
    await node.pass(21_000)
    expect(node.podNames()).toEqual(['one-node01'])
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
  })
})

describe('editors', () => {
  it('given sed -i, then only the final file counts: one replacement', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const edited = JSON.stringify(aManifest('web', {}, { labels: { a: 'b' } }))
    writeFileSync(join(node.folder, 'sedAbC123'), edited)
    node.announce('sedAbC123')
    await node.pass(10)
    renameSync(join(node.folder, 'sedAbC123'), join(node.folder, 'web.json'))
    node.announce('sedAbC123', 'web.json')
    await node.pass(1000)
    expect(node.runtime.callsOf('runPodSandbox')).toHaveLength(2)
    expect(node.kubelet.files().map((file) => file.name)).toEqual(['web.json'])
    expect(node.timeline().filter((entry) => entry.file === 'sedAbC123')).toEqual([])
  })

  it('given a file that is removed and written anew at once, then its pod ends and begins again', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const { uid } = node.pod('web').metadata
    await node.recreate('web.json', aManifest('web'))
    await node.pass(1000)
    expect(node.pod('web').metadata.uid).toBe(uid)
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true, lastState: { terminated: { exitCode: 0 } } })
    expect(node.podNames()).toEqual(['web-node01'])
  })

  it('given a save that moves the old file away and writes a broken one, then its pod runs on untouched', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.recreate('web.json', '{"kind": "Pod"')
    await node.pass(1000)
    expect(node.file('web.json').state).toBe('stale')
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
    expect(node.runtime.callsOf('stopContainer')).toEqual([])
  })

  it('given two files renamed over it at once, with what it said, then its pod runs on untouched', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    node.replace('web.json', aManifest('web'))
    node.replace('web.json', aManifest('web'))
    await node.pass(1000)
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
    expect(node.runtime.callsOf('stopContainer')).toEqual([])
  })

  it('given the file of a finished pod that is put back while the pod is cleaned up, then the pod runs once more', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000 }, {})
    await node.write('job.json', aManifest('job', { restartPolicy: 'Never' }))
    await node.pass(3000)
    expect(node.pod('job').status?.phase).toBe('Succeeded')
    node.runtime.setLatency('removePodSandbox', 1000)
    await node.remove('job.json')
    await node.write('job.json', aManifest('job', { restartPolicy: 'Never' }))
    await node.pass(5000)
    expect(node.pod('job').status?.phase).toBe('Running')
    expect(node.runtime.callsOf('startContainer')).toHaveLength(2)
  })

  it('given a save that moves the old file away, unseen, then the pod is not restarted when nothing changed', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const text = JSON.stringify(aManifest('web'))
    renameSync(join(node.folder, 'web.json'), join(node.folder, 'web.json~'))
    node.announce('web.json', 'web.json~')
    await node.pass(5)
    writeFileSync(join(node.folder, 'web.json'), text)
    rmSync(join(node.folder, 'web.json~'))
    node.announce('web.json', 'web.json~')
    await node.pass(1000)
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
    expect(node.runtime.callsOf('runPodSandbox')).toHaveLength(1)
  })

  it('given a file written in pieces, then its first, empty state is no news', async () => {
    await using node = await newTestKubelet()
    writeFileSync(join(node.folder, 'web.json'), '')
    node.announce('web.json')
    await node.pass(100)
    expect(node.kubelet.files()).toEqual([])
    await node.write('web.json', aManifest('web'))
    expect(node.timeline().some((entry) => entry.reason === 'FileRejected')).toBe(false)
    expect(node.pod('web').status?.phase).toBe('Running')
  })
})

describe('links', () => {
  it('given a link that leads in a circle, then it is rejected in plain words and the others run', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    symlinkSync('circle.yaml', join(node.folder, 'circle.yaml'))
    node.announce('circle.yaml')
    await node.pass(21_000)
    expect(node.file('circle.yaml')).toMatchObject({ state: 'rejected', reason: 'DanglingLink' })
    expect(node.file('circle.yaml').message).toContain('too many levels of symbolic links')
    expect(node.pod('web').status?.phase).toBe('Running')
  })
})

describe('the folder', () => {
  it('given a folder that cannot be listed for a while, then its pods are left as they are', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const { uid } = node.pod('web').metadata
    renameSync(node.folder, `${node.folder}.away`)
    symlinkSync(node.folder, node.folder)
    await node.pass(45_000)
    expect(node.pod('web').metadata.uid).toBe(uid)
    expect(node.log.filter((line) => line.includes('Unable to read config path'))).toHaveLength(1)
    rmSync(node.folder)
    renameSync(`${node.folder}.away`, node.folder)
    await node.pass(21_000)
    expect(node.container()).toMatchObject({ restartCount: 0, ready: true })
    expect(node.runtime.callsOf('runPodSandbox')).toHaveLength(1)
  })

  it('given a folder whose changes are not announced, then they are noticed within a second', async () => {
    await using node = await newTestKubelet({ silentFolder: true })
    await node.write('web.json', aManifest('web'))
    await node.pass(1100)
    expect(node.pod('web').status?.phase).toBe('Running')
    expect(node.log.some((line) => line.startsWith('W Changes are not announced'))).toBe(true)
    await node.remove('web.json')
    await node.pass(1300)
    expect(node.podNames()).toEqual([])
  })

  it('given a missing folder, then it counts as empty and is picked up when it comes', async () => {
    await using node = await newTestKubelet({ withoutFolder: true })
    await node.pass(3000)
    expect(node.log.some((line) => line.includes('path does not exist, ignoring'))).toBe(true)
    mkdirSync(node.folder, { recursive: true })
    writeFileSync(join(node.folder, 'web.json'), JSON.stringify(aManifest('web')))
    await node.pass(1500)
    expect(node.pod('web').status?.phase).toBe('Running')
  })

  it('given a folder that vanishes, then its pods are removed at the next listing', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    rmSync(node.folder, { recursive: true })
    await node.pass(21_000)
    expect(node.podNames()).toEqual([])
  })
})
