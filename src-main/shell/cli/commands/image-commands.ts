/** `images build|list|export|import|verify|keygen`. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import type { Engine } from '../../../lab/engine/engine.ts'
import type { BundleEvidence } from '../../../lab/images/bundle/bundle-trust.ts'
import { appVersion } from '../../app/app-version.ts'
import type { CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { formatTable } from '../output.ts'

interface EvidenceWords {
  sha256?: string
  key?: string[]
  unverified?: boolean
}

export function addImageCommands(program: Command, context: CommandContext): void {
  const group = program.command('images').description('the images that Node Lab brings along')
  group
    .command('build')
    .description('build what is missing')
    .option('--force', 'build all of them anew')
    .action((options: { force?: boolean }) => build(context, options.force === true))
  group
    .command('list [file]')
    .description('the images that the engine has, or those of a bundle, unchecked')
    .option('--json', 'print it as JSON')
    .option('--packages', 'the packages in the images of a bundle, for the offer of their sources')
    .action((file: string | undefined, options: { json?: boolean; packages?: boolean }) =>
      file === undefined ? listEngine(context, options.json === true) : listBundle(context, file, options),
    )
  group
    .command('export <file>')
    .description('all images in one compressed bundle, for machines that cannot build them; writes FILE.sha256 too')
    .option('--sign <key>', 'private key (PEM, Ed25519): writes FILE.sig too')
    .option('--with <bundle>', "take over another bundle's images for other architectures")
    .action((file: string, options: { sign?: string; with?: string }) => exportImages(context, file, options))
  withEvidence(group.command('import <file>'))
    .description('load the images of a bundle into the engine, once something outside of it speaks for it')
    .action((file: string, words: EvidenceWords) => importImages(context, file, words))
  withEvidence(group.command('verify <file>'))
    .description('compare every byte of a bundle with its checksums; loads nothing, and needs no engine')
    .action((file: string, words: EvidenceWords) => verify(context, file, words))
  group
    .command('keygen <file>')
    .description('a pair of keys for bundles: FILE, to be kept, and FILE.pub, to be handed out')
    .action((file: string) => makeKeys(context, file))
}

function withEvidence(command: Command): Command {
  return command
    .option('--sha256 <hex>', 'checksum of the bundle, from a place that you trust')
    .option(
      '--key <public>',
      'a public key (PEM) that you trust; FILE.sig has to be made with it; may be said again',
      (value: string, before: string[] = []) => [...before, value],
    )
    .option('--unverified', "take a bundle for which nothing speaks: what is in it will hold the engine's socket")
}

/** @throws UsageError for words that are no checksum, or that contradict one another */
async function readEvidence(words: EvidenceWords): Promise<BundleEvidence> {
  if (words.sha256 !== undefined && !/^[0-9a-fA-F]{64}$/.test(words.sha256))
    throw new UsageError('--sha256 takes the 64 hexadecimal digits of a checksum.')
  if (words.unverified === true && (words.sha256 !== undefined || words.key !== undefined))
    throw new UsageError('--unverified is for a bundle without checksum and signature: leave it out.')
  const { readKey } = await import('../../../lab/images/bundle/bundle-signature.ts')
  return {
    ...(words.sha256 !== undefined && { sha256: words.sha256 }),
    keys: await Promise.all((words.key ?? []).map((file) => readKey(path.resolve(file), 'public'))),
    unverified: words.unverified === true,
  }
}

async function withEngine<T>(context: CommandContext, work: (engine: Engine) => Promise<T>): Promise<T> {
  const { ensureEngine } = await import('../../../lab/engine/ensure-engine.ts')
  const engine = await ensureEngine({ onProgress: context.terminal.progress })
  try {
    return await work(engine)
  } finally {
    await engine.dispose()
  }
}

async function build(context: CommandContext, force: boolean): Promise<void> {
  const { ensureImages } = await import('../../../lab/images/ensure-images.ts')
  const { terminal, signal } = context
  const images = await withEngine(context, (engine) =>
    ensureImages(engine, { onProgress: terminal.progress, force, signal }),
  )
  const references = [images.node, images.pause, ...images.catalogue.images.map((image) => image.reference)]
  terminal.print(`Ready: ${[...new Set(references)].join(', ')}`)
}

async function listEngine(context: CommandContext, json: boolean): Promise<void> {
  const { terminal } = context
  const { IMAGE_INPUTS_LABEL } = await import('../../../common/engine-labels.ts')
  const images = await withEngine(context, (engine) => engine.listImages({ [IMAGE_INPUTS_LABEL]: true }))
  if (json) {
    terminal.print(JSON.stringify(images, undefined, 2))
    return
  }
  const rows = images.flatMap((image) =>
    image.tags.map((tag) => [tag, formatSize(image.sizeBytes), image.createdAt.slice(0, 10)]),
  )
  if (rows.length === 0) terminal.note('None yet. `node-lab images build` makes them.')
  else for (const line of formatTable(['IMAGE', 'SIZE', 'CREATED'], rows)) terminal.print(line)
}

async function listBundle(
  { terminal }: CommandContext,
  file: string,
  options: { json?: boolean; packages?: boolean },
): Promise<void> {
  const { BundleFile } = await import('../../../lab/images/bundle/bundle-file.ts')
  const { PACKAGES_FILE } = await import('../../../lab/images/bundle/bundle-layout.ts')
  const bundle = await BundleFile.open(path.resolve(file))
  try {
    const manifest = await bundle.readManifest()
    if (options.packages === true) {
      for (const line of (await bundle.readFile(bundle.find(PACKAGES_FILE))).toString('utf8').trimEnd().split('\n'))
        terminal.print(line)
    } else if (options.json === true) terminal.print(JSON.stringify(manifest, undefined, 2))
    else {
      const rows = manifest.images.map(({ reference, architecture, layers, created }) => [
        reference,
        architecture,
        formatSize(layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0)),
        created.slice(0, 10),
      ])
      for (const line of formatTable(['IMAGE', 'ARCHITECTURE', 'SIZE', 'CREATED'], rows)) terminal.print(line)
      terminal.note(`As the bundle of Node Lab ${manifest.version} says; \`node-lab images verify\` checks it.`)
    }
  } finally {
    await bundle.close()
  }
}

async function exportImages(
  context: CommandContext,
  file: string,
  options: { sign?: string; with?: string },
): Promise<void> {
  const { terminal, signal } = context
  const { ensureImages, listNeededImages } = await import('../../../lab/images/ensure-images.ts')
  const { exportBundle } = await import('../../../lab/images/bundle/export-bundle.ts')
  const { readKey } = await import('../../../lab/images/bundle/bundle-signature.ts')
  const privateKey = options.sign === undefined ? undefined : await readKey(path.resolve(options.sign), 'private')
  const target = path.resolve(file)
  const result = await withEngine(context, async (engine) => {
    await ensureImages(engine, { onProgress: terminal.progress, signal })
    const references = await listNeededImages(engine, terminal.progress)
    return exportBundle(engine, target, {
      references,
      version: appVersion(),
      onProgress: terminal.progress,
      signal,
      ...(privateKey !== undefined && { privateKey }),
      ...(options.with !== undefined && { other: path.resolve(options.with) }),
    })
  })
  const architectures = [...new Set(result.images.map(({ architecture }) => architecture))].sort().join(' and ')
  terminal.print(`${target}: ${result.images.length} images for ${architectures}, ${formatSize(result.sizeBytes)}`)
  terminal.print(`sha256 ${result.sha256}`)
}

async function importImages(context: CommandContext, file: string, words: EvidenceWords): Promise<void> {
  const { terminal, signal } = context
  const evidence = await readEvidence(words)
  const { listNeededImages } = await import('../../../lab/images/ensure-images.ts')
  const { importBundle } = await import('../../../lab/images/bundle/import-bundle.ts')
  const { trust, loaded, present } = await withEngine(context, async (engine) =>
    importBundle(engine, path.resolve(file), {
      evidence,
      needed: await listNeededImages(engine, terminal.progress),
      onProgress: terminal.progress,
      signal,
    }),
  )
  terminal.note(`sha256 ${trust.sha256}: ${trust.words}.`)
  for (const reference of loaded) terminal.print(`loaded   ${reference}`)
  for (const reference of present) terminal.print(`present  ${reference}`)
}

async function verify(context: CommandContext, file: string, words: EvidenceWords): Promise<void> {
  const { terminal, signal } = context
  const evidence = await readEvidence(words)
  const { BundleFile } = await import('../../../lab/images/bundle/bundle-file.ts')
  const { establishTrust } = await import('../../../lab/images/bundle/bundle-trust.ts')
  const { checkBundle } = await import('../../../lab/images/bundle/check-bundle.ts')
  const bundle = await BundleFile.open(path.resolve(file))
  try {
    const trust = await establishTrust(bundle, evidence, terminal.progress)
    const { images, version } = await checkBundle(bundle, terminal.progress, signal)
    const architectures = [...new Set(images.map(({ architecture }) => architecture))].sort().join(' and ')
    terminal.print(`sha256 ${trust.sha256}: ${trust.words}.`)
    terminal.print(`Whole: ${images.length} images of Node Lab ${version} for ${architectures}.`)
  } finally {
    await bundle.close()
  }
}

/** @throws AlreadyExists: a key that signed something is never written over */
async function makeKeys({ terminal }: CommandContext, file: string): Promise<void> {
  const { makeKeyPair } = await import('../../../lab/images/bundle/bundle-signature.ts')
  const { LabError } = await import('../../../common/lab-error.ts')
  const { privateKey, publicKey } = makeKeyPair()
  const target = path.resolve(file)
  for (const [name, content, mode] of [
    [target, privateKey, 0o600],
    [`${target}.pub`, publicKey, 0o644],
  ] as const) {
    await writeFile(name, content, { mode, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST')
        throw new LabError({ kind: 'AlreadyExists', message: `there is a file ${name} already` })
      throw error
    })
    terminal.print(name)
  }
}

function formatSize(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
