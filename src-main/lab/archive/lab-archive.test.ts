import { gunzipSync, gzipSync } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { pack, type Header } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { MAX_ARCHIVE_BYTES, MAX_UNPACKED_BYTES } from '../../common/lab/lab-archive.ts'
import { isLabError } from '../../common/lab-error.ts'
import { stringifyDescription } from './archive-description.ts'
import { readLabArchive } from './read-lab-archive.ts'
import { formatChecksums, writeLabArchive, type LabArchive } from './write-lab-archive.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n'
const MANIFEST = 'nodes/node01/manifests/web.yaml'
const SETTING = 'nodes/node01/settings/var/lib/kubelet/config.yaml'

const lab: LabArchive = {
  description: {
    name: 'course',
    outsideNetwork: true,
    nodes: [{ name: 'node01', role: 'worker' }],
    images: ['nginx'],
  },
  files: new Map([
    [MANIFEST, Buffer.from(POD)],
    [SETTING, Buffer.from('kind: KubeletConfiguration\nmaxPods: 7\n')],
  ]),
}

interface Part {
  name: string
  content?: string
  header?: Partial<Header>
}

async function pack64(parts: readonly Part[], description = stringifyDescription(lab.description)): Promise<Buffer> {
  const contents = [
    ['lab.yaml', Buffer.from(description)] as const,
    ...parts.map(({ name, content = 'x' }) => [name, Buffer.from(content)] as const),
  ]
  const all: Part[] = [
    { name: 'lab.yaml', content: description },
    ...parts,
    { name: 'checksums.txt', content: formatChecksums(contents) },
  ]
  return packRaw(all)
}

async function packRaw(parts: readonly Part[]): Promise<Buffer> {
  const archive = pack()
  const bytes = buffer(archive)
  for (const { name, content = 'x', header = {} } of parts)
    archive.entry({ name, ...header }, header.type === undefined ? content : '')
  archive.finalize()
  return gzipSync(await bytes)
}

async function refusal(file: Buffer): Promise<string> {
  try {
    await readLabArchive(file)
  } catch (error) {
    if (isLabError(error) && error.kind === 'BadRequest') return error.message
    throw error
  }
  throw new Error('it was taken')
}

describe('the file of a lab', () => {
  it('given a lab, when written and read, then it is the same, and written again it has the same bytes', async () => {
    const file = await writeLabArchive(lab)
    const read = await readLabArchive(file)
    expect(read.description).toEqual(lab.description)
    expect([...read.files]).toEqual([...lab.files])
    expect(await writeLabArchive(read)).toEqual(file)
  })

  it('given any flipped bit of what is in it, when read, then it is refused', async () => {
    const tarball = gunzipSync(await writeLabArchive(lab))
    const at = tarball.indexOf('nginx')
    tarball[at] = (tarball[at] ?? 0) ^ 1
    expect(await refusal(gzipSync(tarball))).toMatch(/is not what checksums.txt says|lab.yaml/)
  })

  it('given a moved folder that the settings name, when read, then its files are taken', async () => {
    const moved = 'nodes/node01/settings/opt/pods/web.yaml'
    const file = await pack64([
      { name: SETTING, content: 'kind: KubeletConfiguration\nstaticPodPath: /opt/pods/\n' },
      { name: moved, content: POD },
    ])
    expect([...(await readLabArchive(file)).files.keys()]).toEqual([SETTING, moved])
  })

  it('given it was unpacked and packed again with its folders, when read, then it is the lab, and an edit is told', async () => {
    const folders = ['nodes/', 'nodes/node01/', 'nodes/node01/manifests/'].map((name) => ({
      name,
      header: { type: 'directory' as const },
    }))
    const description = stringifyDescription(lab.description)
    const sums = formatChecksums([
      ['lab.yaml', Buffer.from(description)],
      [MANIFEST, Buffer.from(POD)],
    ])
    const repacked = (content: string): Promise<Buffer> =>
      packRaw([
        { name: 'checksums.txt', content: sums },
        { name: 'lab.yaml', content: description },
        ...folders,
        { name: MANIFEST, content },
      ])
    expect([...(await readLabArchive(await repacked(POD))).files.keys()]).toEqual([MANIFEST])
    expect(await refusal(await repacked(`${POD}# edited\n`))).toContain(`${MANIFEST} is not what checksums.txt says`)
  })

  it.each<[string, Part, string]>([
    ['an absolute path', { name: '/etc/cron.d/x' }, 'is an absolute path'],
    ['a path out of it', { name: 'nodes/node01/manifests/../../../x' }, 'leads out of its folder'],
    ['a path out of a setting', { name: 'nodes/node01/settings/var/lib/../../etc/x' }, 'leads out of its folder'],
    ['a backslash', { name: 'nodes\\node01\\manifests\\x.yaml' }, 'has a backslash'],
    ['a drive', { name: 'C:/x' }, 'is an absolute path'],
    ['a file that is no part of a lab', { name: 'settings.json' }, 'belongs to no part of a lab'],
    ['keys of the lab', { name: 'pki/ca.key' }, 'belongs to no part of a lab'],
    ['a folder in a manifest folder', { name: 'nodes/node01/manifests/a/b.yaml' }, 'no kubelet looks into'],
    ['a hidden manifest', { name: 'nodes/node01/manifests/.x' }, 'does not read files whose name begins with a dot'],
    ['a node that is not named', { name: 'nodes/node09/manifests/x.yaml' }, 'of the node node09'],
    ['a node name that is none', { name: 'nodes/../manifests/x.yaml' }, 'leads out of its folder'],
    ['keys of a node', { name: 'nodes/node01/settings/etc/kubernetes/pki/sa.key' }, 'no archive brings along'],
    ['a kubeconfig of a node', { name: 'nodes/node01/settings/etc/kubernetes/admin.conf' }, 'where kubeconfigs are'],
    ['records of ours', { name: 'nodes/node01/settings/var/lib/node-lab/cluster.json' }, 'no archive brings along'],
    ['a file that no setting names', { name: 'nodes/node01/settings/opt/tool' }, 'named by no setting'],
    ['another unit', { name: 'nodes/node01/settings/etc/systemd/system/x.service' }, 'unit of something else'],
    ['other defaults', { name: 'nodes/node01/settings/etc/default/grub' }, 'no setting of the kubelet'],
    ['a path that does not last', { name: 'nodes/node01/settings/usr/bin/kubelet' }, 'no folder of a node that lasts'],
    ['a link', { name: MANIFEST, header: { type: 'symlink', linkname: '/etc/passwd' } }, 'but a symlink'],
    ['a hard link', { name: MANIFEST, header: { type: 'link', linkname: 'lab.yaml' } }, 'but a link'],
    ['a device', { name: MANIFEST, header: { type: 'block-device' } }, 'but a block-device'],
    ['a pipe', { name: MANIFEST, header: { type: 'fifo' } }, 'but a fifo'],
    ['a folder out of it', { name: 'nodes/../../x/', header: { type: 'directory' } }, 'leads out of its folder'],
    ['an absolute folder', { name: '/etc/', header: { type: 'directory' } }, 'is an absolute path'],
    ['a folder of no part', { name: 'pki/', header: { type: 'directory' } }, 'belongs to no part of a lab'],
    ['a key', { name: MANIFEST, content: '-----BEGIN EC PRIVATE KEY-----\nMHc' }, 'holds a key'],
    ['a Secret', { name: MANIFEST, content: 'apiVersion: v1\nkind: Secret\ndata: {a: YQ==}\n' }, 'holds a key'],
    ['a control character', { name: 'nodes/node01/manifests/a\u0007b.yaml' }, 'control characters'],
    ['a very long name', { name: `nodes/node01/settings/opt/${'a/'.repeat(600)}b` }, 'no name of a usual length'],
    ['a large manifest', { name: MANIFEST, content: ' '.repeat(10 * 1024 * 1024 + 1) }, 'has more than 10485760 bytes'],
  ])('given %s in it, when read, then it is refused with its name and the reason', async (_what, part, words) => {
    const message = await refusal(await pack64([part]))
    expect(message).toContain(words)
    expect(message).toContain('the archive is refused')
  })

  it.each<[string, () => Promise<Buffer>, string]>([
    ['nothing', () => Promise.resolve(Buffer.alloc(0)), 'is no .tar.gz file'],
    ['text', () => Promise.resolve(Buffer.from('hello')), 'is no .tar.gz file'],
    ['half a file', async () => (await writeLabArchive(lab)).subarray(0, 200), 'damaged or cut short'],
    ['something else that is compressed', () => Promise.resolve(gzipSync('hello'.repeat(400))), 'no sound tar archive'],
    ['a bomb', () => Promise.resolve(gzipSync(Buffer.alloc(MAX_UNPACKED_BYTES + 1))), 'unpacks to more than'],
    ['a large file', () => Promise.resolve(Buffer.alloc(MAX_ARCHIVE_BYTES + 1, 0x1f)), 'has more than'],
    ['a very long description', () => pack64([], ' '.repeat(256 * 1024 + 1)), 'has more than 262144 bytes'],
    ['thousands of entries', () => pack64(manyParts(5001)), 'has more than 5000 entries'],
    ['a name twice', () => pack64([{ name: MANIFEST }, { name: MANIFEST }]), 'is there twice'],
    ['no list of checksums', () => packRaw([{ name: 'lab.yaml' }]), 'checksums.txt is missing'],
    ['no description', () => packRaw([{ name: 'checksums.txt', content: '' }]), 'lab.yaml is missing'],
    [
      'a file that is not in the list',
      () =>
        packRaw([
          { name: 'lab.yaml' },
          { name: MANIFEST },
          { name: 'checksums.txt', content: formatChecksums([['lab.yaml', Buffer.from('x')]]) },
        ]),
      'is not in checksums.txt',
    ],
    [
      'a file and a folder of one name',
      () => pack64([{ name: 'nodes/node01/settings/opt/a' }, { name: 'nodes/node01/settings/opt/a/b' }]),
      'is a file',
    ],
  ])('given %s, when read, then it is refused', async (_what, make, words) => {
    expect(await refusal(await make())).toContain(words)
  })

  it.each([
    [
      'another version',
      'node-lab/v1',
      'node-lab/v9',
      'apiVersion is "node-lab/v9", and this Node Lab reads "node-lab/v1"',
    ],
    ['another kind', 'LabArchive', 'Lab', 'kind is "Lab"'],
    ['a policy', 'outsideNetwork: true', 'outsideNetwork: true\npolicy: open', 'policy is not known'],
    ['a name that is none', '"course"', '"../course"', 'name A lab name consists of'],
    [
      'a node twice',
      '  - name: "node01"',
      '  - name: "node01"\n    role: worker\n  - name: "node01"',
      'nodes[1].name is "node01" again',
    ],
    [
      'an unknown field of a node',
      'role: "worker"',
      'role: "worker"\n    address: 1.2.3.4',
      'nodes[0].address is not known',
    ],
    ['a role that is none', '"worker"', '"master"', 'nodes[0].role is "master"'],
    ['a kept name', '"node01"', '"sim001"', 'kept for simulated nodes'],
    [
      'simulated nodes by themselves',
      'images:',
      'simulatedNodes: [sim001-sim009]\nimages:',
      'simulatedNodes needs a node',
    ],
    ['an alias bomb', 'images:', 'x: &a [1]\nimages: [*a, *a]\ny:', 'lab.yaml'],
    ['no YAML', 'images:', '}: [', 'lab.yaml'],
  ])('given %s in its description, when read, then the field is named', async (_what, from, to, words) => {
    const description = stringifyDescription(lab.description).replace(from, to)
    expect(await refusal(await pack64([], description))).toContain(words)
  })
})

function manyParts(count: number): Part[] {
  return Array.from({ length: count }, (_, index) => ({ name: `nodes/node01/manifests/${index}.yaml` }))
}
