/** The node image: a Debian with the tools that one expects on a node, Node.js, our init, and our programs on top. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labStep } from '../../../common/lab/lab-texts.ts'
import { NODE_VOLUME_PATHS } from '../../../common/node-layout.ts'
import { addPackageRecord } from '../debian/package-records.ts'
import { readPackages } from '../debian/read-packages.ts'
import { stripElf } from '../elf.ts'
import type { FileTree } from '../file-tree.ts'
import { type FolderFile, hashFiles, treeOfFiles } from '../folder-files.ts'
import { IMAGE_SUITE, type ImageRecipe, type LayerContent, type LayerContext, type LayerRecipe } from './recipe.ts'

/** Names separated by spaces. */
const PACKAGES = [
  'base-files base-passwd bash bash-completion bsdextrautils bsdutils ca-certificates coreutils curl dash debianutils diffutils',
  'dropbear-bin etcd-client findutils grep gzip hostname iproute2 iputils-ping jq kubernetes-client less libatomic1 libc-bin',
  'libpam-modules libstdc++6 lsof mawk mount nano ncurses-base ncurses-bin netcat-openbsd openssh-client',
  'openssh-sftp-server openssl procps psmisc sed socat sudo sysvinit-utils tar tree util-linux vim-tiny',
].flatMap((line) => line.split(' '))

/** What Debian's alternatives would link. */
const LINKS = {
  'usr/bin/sh': 'dash',
  'usr/bin/awk': 'mawk',
  'usr/bin/which': 'which.debianutils',
  'usr/bin/vi': 'vim.tiny',
  'usr/bin/vim': 'vim.tiny',
  'usr/bin/view': 'vim.tiny',
  'usr/bin/editor': 'nano',
  'usr/bin/pager': 'less',
  'usr/bin/nc': 'nc.openbsd',
  'var/run': '/run',
  'var/lock': '/run/lock',
}

/** Interpreters and tools that only maintainer scripts would use, and the start-up files of services that no init here reads. */
const UNWANTED =
  /^(usr\/share\/(perl5|debconf|apport|initramfs-tools|nano\/extra|systemd|cmake)|usr\/lib\/(systemd|init|lsb|udev|tmpfiles\.d)|usr\/include|etc\/(init\.d|adduser\.conf|deluser\.conf|sudo_logsrvd\.conf))(\/|$)/
/** Parts of packages that a node has for something else. */
const UNWANTED_PROGRAMS =
  /^usr\/(s?bin\/(adduser|deluser|addgroup|delgroup|sudo_logsrvd|sudo_sendlog|cvtsudoers|sudoreplay|dbclient|dropbearconvert|dh_bash-completion)|lib\/openssh\/ssh-(keysign|pkcs11-helper|sk-helper)|lib\/dropbear\/.*|share\/nano\/haskell\.nanorc)$/
/** Of the thousand commands that bash-completion knows, those that one types on a node. */
const UNWANTED_COMPLETIONS =
  /^usr\/share\/bash-completion\/completions\/(?!_?(curl|find|id|ip|jq|kill|killall|lsof|mount|pgrep|pidof|ping|ps|scp|sftp|ssh|su|sudo|tar|tree|umount|watch|xargs)(\.bash)?$)/

function wanted(path: string): boolean {
  if ([UNWANTED, UNWANTED_PROGRAMS, UNWANTED_COMPLETIONS].some((unwanted) => unwanted.test(path))) return false
  if (/^usr\/share\/(man|info|locale|lintian|bug|zoneinfo|doc-base|pixmaps|menu)\//.test(path)) return false
  if (/^usr\/lib\/[^/]+-linux-gnu\/(gconv|perl|perl-base)\//.test(path)) return false
  if (/^usr\/share\/doc\/[^/]+\/./.test(path)) return path.endsWith('/copyright')
  return true
}

/** What the packages' maintainer scripts would have done. */
function configure(tree: FileTree): void {
  for (const [path, target] of Object.entries(LINKS)) tree.symlink(path, target)
  copyWithin(tree, 'usr/share/base-passwd/passwd.master', 'etc/passwd')
  copyWithin(tree, 'usr/share/base-passwd/group.master', 'etc/group')
  copyWithin(tree, 'usr/share/base-files/profile', 'etc/profile')
  copyWithin(tree, 'usr/share/base-files/dot.profile', 'root/.profile')
  copyWithin(tree, 'usr/share/base-files/dot.bashrc', 'root/.bashrc')
  tree.file('etc/nsswitch.conf', 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n')
  tree.file('etc/shells', '/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n')
  tree.file('etc/environment', '')
  tree.file('etc/ssl/certs/ca-certificates.crt', certificateBundle(tree))
  tree.folder('root', 0o700)
  for (const path of ['tmp', 'var/tmp']) tree.folder(path, 0o1777)
  for (const path of [
    'run/lock',
    'usr/local/bin',
    'usr/local/sbin',
    'var/log',
    'var/lib',
    'var/cache',
    'proc',
    'sys',
    'dev',
  ])
    tree.folder(path)
  for (const path of NODE_VOLUME_PATHS) tree.folder(path, path === '/tmp' ? 0o1777 : 0o755)
  tree.folder('etc/kubernetes/manifests')
}

function copyWithin(tree: FileTree, from: string, to: string): void {
  const content = tree.read(from)
  if (content === undefined) throw new Error(`the packages of the node image have no /${from}`)
  tree.file(to, content)
}

function certificateBundle(tree: FileTree): string {
  const paths = tree.paths().filter((path) => path.startsWith('usr/share/ca-certificates/') && path.endsWith('.crt'))
  return paths
    .sort()
    .map(
      (path) =>
        Buffer.from(tree.read(path) ?? [])
          .toString('latin1')
          .trimEnd() + '\n',
    )
    .join('')
}

async function makeBase(
  context: LayerContext,
  { nodeProgram, nodeVersion }: Pick<NodeImageInputs, 'nodeProgram' | 'nodeVersion'>,
): Promise<LayerContent> {
  const program = nodeProgram()
  const packages = await context.packages.fetch(PACKAGES, context.onProgress)
  context.onProgress(labStep('packages-join', { count: packages.length }))
  const { tree, newest } = await readPackages(packages, wanted)
  configure(tree)
  tree.file('usr/bin/node', stripElf(await readFile(program)), 0o755)
  tree.file('usr/share/doc/nodejs/copyright', await readFile(join(program, '../../LICENSE')))
  addPackageRecord(tree, {
    name: 'nodejs',
    version: nodeVersion,
    source: 'https://nodejs.org',
    sourceVersion: nodeVersion,
  })
  return { tree, created: newest, version: packages.find(({ name }) => name === 'kubectl')?.version ?? '' }
}

export interface NodeImageInputs {
  /** Path of the Node.js program that goes into the image; asked only when the layer is made. @throws Unavailable */
  nodeProgram: () => string
  /** Its version. */
  nodeVersion: string
  /** Files of the project that are laid over the packages: init, units, tools. */
  rootfs: FolderFile[]
  /** The bundled programs: kubelet, runtime service, crictl … */
  programs: FolderFile[]
}

/** The layer that the node image and the control plane's have in common: one copy on the disk and in the page cache. */
export function nodeBaseLayer(inputs: Pick<NodeImageInputs, 'nodeProgram' | 'nodeVersion'>): LayerRecipe {
  const { nodeVersion } = inputs
  return {
    name: 'node-base',
    description: `Debian ${IMAGE_SUITE} with a node's tools, and Node.js ${nodeVersion}`,
    inputs: JSON.stringify([
      5,
      IMAGE_SUITE,
      PACKAGES,
      LINKS,
      UNWANTED.source,
      UNWANTED_PROGRAMS.source,
      UNWANTED_COMPLETIONS.source,
      nodeVersion,
      NODE_VOLUME_PATHS,
    ]),
    make: (context) => makeBase(context, inputs),
  }
}

/** Files of the product over the layer below. */
export function overlayLayer(name: string, description: string, files: FolderFile[]): LayerRecipe {
  return {
    name,
    description,
    inputs: `2 ${hashFiles(files)}`,
    make: (context) => Promise.resolve({ tree: treeOfFiles(files), created: context.belowCreated ?? new Date(0) }),
  }
}

export function nodeRecipe(inputs: NodeImageInputs): ImageRecipe {
  return {
    name: 'node',
    layers: [
      nodeBaseLayer(inputs),
      overlayLayer('node-system', "the node's init, units and tools", inputs.rootfs),
      overlayLayer('node-programs', 'kubelet, runtime service and crictl of Node Lab', inputs.programs),
    ],
    settings: {
      entrypoint: ['/usr/lib/node-lab/init'],
      environment: { LANG: 'C.UTF-8' },
      workingFolder: '/root',
      stopSignal: 'SIGTERM',
    },
  }
}
