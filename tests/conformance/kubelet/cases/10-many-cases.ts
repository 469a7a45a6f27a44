/** Many pods at once (REPORT.md §10). Processor and memory are measured by `npm run bench`. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { obeysTerm } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import { onePod } from '../pod-plan.ts'

const PODS = 30
const PLAN = onePod(obeysTerm(0))

export const MANY_CASES = defineKubeletCases({
  thirty: {
    given: 'an empty folder',
    when: '30 manifests are written into it at once, and removed when their pods run',
    then: 'all run, each started once, and then nothing runs',
    source: { section: '10', recordings: ['10-cpu-rss.json'] },
    worlds: ['clock', 'full'],
    alone: true,
    async steps(world) {
      const suffixes = Array.from({ length: PODS }, (_, index) => `p${index}`)
      const fileOf = (suffix: string): string => `${world.podName}-${suffix}.yaml`
      const manifests = suffixes.map((suffix) => world.manifest(PLAN, `${world.podName}.${suffix}`))
      const names = suffixes.map(fileOf)
      const { trace } = world
      await world.inFolder(
        (folder) => {
          for (const [index, manifest] of manifests.entries()) writeFileSync(join(folder, names[index] ?? ''), manifest)
        },
        ...names,
      )
      const run = (suffix: string): boolean => trace.latestState(suffix) === 'Running, ready; c running'
      await world.until('all to run', () => suffixes.every(run))
      const started = trace.lines('runtime').filter((line) => line.endsWith('c 0 started')).length
      await world.settled(suffixes)
      await world.inFolder(
        (folder) => {
          for (const name of names) rmSync(join(folder, name))
        },
        ...names,
      )
      const isOver = (suffix: string): boolean => trace.linesOf('runtime', suffix).includes('sandbox 0 stopped')
      await world.until('all to end', () => suffixes.every(isOver))
      await world.pass(3)
      return {
        'containers that were started': started,
        'started twice': trace.lines('runtime').filter((line) => / 1 started$/.test(line)).length,
        'killed by SIGKILL': trace.lines('runtime').filter((line) => line.endsWith('SIGKILL')).length,
      }
    },
    recorded: {
      findings: { 'containers that were started': PODS, 'started twice': 0, 'killed by SIGKILL': 0 },
    },
  },
})
