/** `samples`: the manifests that come with Node Lab. */
import type { Command } from 'commander'
import { LabError } from '../../../common/lab-error.ts'
import { findAppFolders } from '../../app/resources.ts'
import { readSamples } from '../../app/samples.ts'
import type { CommandContext } from '../context.ts'
import { formatTable } from '../output.ts'

export function addSampleCommands(program: Command, { terminal }: CommandContext): void {
  program
    .command('samples')
    .argument('[sample]', 'print this one, as for: node-lab samples web | node-lab apply - node01 --name web.yaml')
    .description('list the sample manifests, or print one')
    .action(async (wanted: string | undefined) => {
      const samples = await readSamples(findAppFolders().samples)
      if (wanted === undefined) {
        const rows = samples.map(({ id, content }) => [id, kindOf(content), firstWords(content)])
        for (const line of formatTable(['SAMPLE', 'KIND', 'WHAT IT SHOWS'], rows)) terminal.print(line)
        return
      }
      const sample = samples.find(({ id, name }) => id === wanted || name === wanted)
      if (sample === undefined)
        throw new LabError({
          kind: 'NotFound',
          message: `there is no sample "${wanted}"`,
          remedy: `There is ${samples.map(({ id }) => id).join(', ')}.`,
        })
      terminal.write(sample.content)
    })
}

function kindOf(content: string): string {
  return /^kind: (\w+)$/m.exec(content)?.[1] ?? ''
}

/** The first sentence of the comment that each sample begins with. */
function firstWords(content: string): string {
  return /^# (.*?[.:])(?=\s|$)/.exec(content)?.[1]?.replace(/:$/, '.') ?? ''
}
