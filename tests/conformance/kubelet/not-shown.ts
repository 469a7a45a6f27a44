/** What was recorded and is not a case here, and why. */
import type { Source } from '../recorded/recorded-case.ts'

export interface NotShown {
  recorded: string
  why: string
  source: Source
}

export const NOT_SHOWN: readonly NotShown[] = [
  {
    recorded: 'Processor time and memory of the kubelet with 0, 10 and 30 pods.',
    why: 'Numbers of the machine, not of the behaviour: `npm run bench` measures ours.',
    source: { section: '10', recordings: ['10-cpu-rss.json'] },
  },
  {
    recorded: 'Names, labels and settings of the containers in the engine.',
    why: 'dockershim’s own; those of our runtime service are tested with it (`src-main/container-runtime/docker/engine-labels.test.ts`).',
    source: { section: '1', recordings: ['09-docker-inspect-sandbox-and-container.json'] },
  },
]
