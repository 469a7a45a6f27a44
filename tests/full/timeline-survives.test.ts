/**
 * The node's own journal is the truth about what happened: it outlives kubelet, node and container, and what is read of it
 * over all of that has each entry once.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TimelineEntry } from '../../src-main/common/lab/timeline-entry.ts'
import { execIn, killMainProcess, removeContainer } from '../support/engine-api.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('journal')
const NODE = `node-lab.${lab.name}.node01`
const POD = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: web, image: busybox, command: [sleep, '3600']}]
`

beforeAll(() => lab.ok('up', '--nodes', '1'))
afterAll(() => lab.dispose())

const keyOf = ({ boot, sequence }: TimelineEntry): string => `${boot}/${sequence}`

async function waitForBoots(count: number): Promise<TimelineEntry[]> {
  return waitUntil({ what: `${count} boots`, timeoutSeconds: 60 }, async () => {
    const entries = await lab.timeline()
    const started = entries.filter(({ reason }) => reason === 'KubeletStarted')
    return new Set(started.map(({ boot }) => boot)).size >= count ? entries : undefined
  })
}

it('given somebody who follows, when kubelet and node are killed, stopped and made anew, then each entry comes once and none is lost', async () => {
  const followed: TimelineEntry[] = []
  const program = lab.start('timeline', '--follow', '-o', 'json')
  if (program.stdout === null) throw new Error('no output to follow')
  createInterface({ input: program.stdout }).on('line', (line) => followed.push(JSON.parse(line) as TimelineEntry))
  const ended = new Promise((resolve) => program.once('close', resolve))
  try {
    await lab.drop('web.yaml', POD)
    await lab.waitForRunning('web-node01')
    await execIn(
      NODE,
      'sh',
      '-c',
      `printf '{"boot":"torn' >> /var/lib/node-lab/timeline.ndjson; pkill -9 -f '/[k]ubelet --config'; true`,
    )
    await waitUntil({ what: 'another start of the kubelet', timeoutSeconds: 60 }, async () =>
      followed.filter(({ reason }) => reason === 'KubeletStarted').length >= 2 ? true : undefined,
    )
    await lab.removeFile('web.yaml')
    await lab.waitForGone('web-node01')
    await lab.ok('node', 'stop', 'node01')
    await lab.ok('node', 'start', 'node01')
    await waitForBoots(2)
    await killMainProcess(NODE)
    await waitForBoots(3)
    rmSync(join(lab.home, 'labs', lab.name, 'journal'), { recursive: true })
    await removeContainer(NODE)
    await lab.ok('up')
    const all = await waitForBoots(4)
    expect(all.some(({ pod, reason }) => pod?.name === 'web-node01' && reason === 'PodGone')).toBe(true)
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1))
    await waitUntil({ what: 'the follower to have all', timeoutSeconds: 60 }, () =>
      new Set(followed.map(keyOf)).size >= all.length ? true : undefined,
    )
    expect(followed.map(keyOf).slice(0, all.length)).toEqual(all.map(keyOf))
    expect(new Set(followed.map(keyOf)).size).toBe(followed.length)
  } finally {
    program.kill('SIGINT')
    await ended
  }
})

it('given a pod that is gone on a node that has been made anew, then its story is told to the end', async () => {
  const story = await lab.ok('timeline', 'web-node01')
  expect(story).toContain(
    'web.yaml was added to the manifest folder of node01; the kubelet accepted it as pod default/web-node01.',
  )
  expect(story).toContain('web.yaml was removed from the manifest folder of node01.')
  expect(story.trimEnd()).toMatch(/The pod is gone\.[^]*node01 was started; containers of its life before are gone/)
  expect(await lab.ok('timeline', 'web-node01', '--since', '1s')).not.toContain('accepted it as pod')
})
