/** `images build|list`. */
import type { Command } from 'commander'
import type { Engine } from '../../../lab/engine/engine.ts'
import type { CommandContext } from '../context.ts'
import { formatTable } from '../output.ts'

export function addImageCommands(program: Command, context: CommandContext): void {
  const group = program.command('images').description('the images that Node Lab brings along')
  group
    .command('build')
    .description('build what is missing')
    .option('--force', 'build all of them anew')
    .action(async (options: { force?: boolean }) => {
      const engine = await openEngine(context)
      try {
        const { ensureImages } = await import('../../../lab/images/ensure-images.ts')
        const images = await ensureImages(engine, {
          onProgress: context.terminal.progress,
          force: options.force === true,
        })
        context.terminal.print(
          `Ready: ${[images.node, images.pause, ...images.catalogue.images.map((image) => image.reference)].join(', ')}`,
        )
      } finally {
        await engine.dispose()
      }
    })
  group
    .command('list')
    .description('the images that the engine has, and the names in manifests that they answer to')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const engine = await openEngine(context)
      try {
        await list(context, engine, options.json === true)
      } finally {
        await engine.dispose()
      }
    })
}

async function openEngine(context: CommandContext): Promise<Engine> {
  const { ensureEngine } = await import('../../../lab/engine/ensure-engine.ts')
  return ensureEngine({ onProgress: context.terminal.progress })
}

async function list(context: CommandContext, engine: Engine, json: boolean): Promise<void> {
  const { IMAGE_INPUTS_LABEL } = await import('../../../common/engine-labels.ts')
  const images = await engine.listImages({ [IMAGE_INPUTS_LABEL]: true })
  if (json) {
    context.terminal.print(JSON.stringify(images, undefined, 2))
    return
  }
  const rows = images.flatMap((image) =>
    image.tags.map((tag) => [tag, `${(image.sizeBytes / 1e6).toFixed(1)} MB`, image.createdAt.slice(0, 10)]),
  )
  if (rows.length === 0) context.terminal.note('None yet. `node-lab images build` makes them.')
  else for (const line of formatTable(['IMAGE', 'SIZE', 'CREATED'], rows)) context.terminal.print(line)
}
