import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readExperiments } from './read-experiments.ts'

const TABLE = `experiments: [crash, wait]
rows:
  - name: comes-back
    title: { en: Comes back, ko: 돌아온다 }
    note: { en: Or not, ko: 아니거나 }
`
const EXPERIMENT = `title: { en: Crash, ko: 죽이기 }
question: { en: What happens?, ko: 어떻게 될까? }
explanation: { en: Watch it., ko: 지켜보자. }
seconds: 20
workers: 1
hypotheses:
  - name: both
    text: { en: Both, ko: 둘 다 }
    holds: static.comes_back && daemonSet.how == "anew"
steps:
  - act: crash-container
    text: { en: Kill it, ko: 죽인다 }
  - act: edit
    edition: two
    text: { en: Edit it, ko: 고친다 }
  - act: stop-component
    component: kube-scheduler
    text: { en: Stop it, ko: 멈춘다 }
  - wait: now.pods.all(p, p.restarts == 1)
    atMostSeconds: 30
    text: { en: Wait, ko: 기다린다 }
  - pauseSeconds: 2
    text: { en: Pause, ko: 쉰다 }
  - look: after
observations:
  - name: comes-back
    text: { en: Is it back?, ko: 돌아왔나? }
    value: looks.after.pods.exists(p, p.running)
    evidence: actions + looks.after.pods
    expected: { static: true, daemonSet: true }
    source: facts 2.2
    row: comes-back
  - name: how
    text: { en: How?, ko: 어떻게? }
    value: 'looks.after.pods.exists(p, p.restarts == 1) ? "restarted" : "anew"'
    evidence: events
    expected: { static: restarted }
    source: facts 2.2
    words:
      restarted: { en: restarted, ko: 다시 시작 }
      anew: { en: made anew, ko: 새로 만듦 }
`

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'node-lab-experiments-'))
  write('table.yaml', TABLE)
  write('crash.yaml', EXPERIMENT)
  write('wait.yaml', EXPERIMENT)
  write('README.md', 'no experiment')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: string): void {
  writeFileSync(path.join(folder, name), content)
}

it('given two experiments and a table, when they are read, then all is there in the order of the table', async () => {
  const { experiments, rows } = await readExperiments(folder)

  expect(experiments.map(({ name }) => name)).toEqual(['crash', 'wait'])
  expect(rows).toEqual([
    { name: 'comes-back', title: { en: 'Comes back', ko: '돌아온다' }, note: { en: 'Or not', ko: '아니거나' } },
  ])
  const [crash] = experiments
  expect(crash?.steps).toMatchObject([
    { act: 'crash-container' },
    { act: 'edit', edition: 'two' },
    { act: 'stop-component', component: 'kube-scheduler' },
    { wait: 'now.pods.all(p, p.restarts == 1)', atMostSeconds: 30 },
    { pauseSeconds: 2 },
    { look: 'after' },
  ])
  expect(crash?.observations[1]).toMatchObject({ name: 'how', expected: { static: 'restarted' } })
  expect(crash?.hypotheses[0]?.text.ko).toBe('둘 다')
})

describe('given a definition with one fault', () => {
  const line = (text: string): number => EXPERIMENT.split('\n').findIndex((one) => one.includes(text)) + 1

  it.each([
    ['no YAML', 'seconds: 20', 'seconds: "20', 'line', /line \d+/],
    ['a language left out', 'title: { en: Crash, ko: 죽이기 }', 'title: { en: Crash }', 'title', /has no ko/],
    ['an empty text', 'en: Crash', "en: ''", 'title.en', /is no text/],
    ['a field left out', 'workers: 1\n', '', 'the file', /has no workers/],
    ['an unknown field', 'workers: 1', 'workers: 1\nnodes: 2', 'nodes', /is not known here/],
    ['a number that is none', 'workers: 1', 'workers: many', 'workers', /is no such number/],
    ['a name that is none', 'name: both', 'name: Both_', 'hypotheses[0].name', /is "Both_"/],
    ['an unknown action', 'act: crash-container', 'act: explode', 'steps[0].act', /is "explode"/],
    ['a parameter left out', '    edition: two\n', '', 'steps[1]', /has no edition/],
    [
      'a parameter too many',
      'act: crash-container',
      'act: crash-container\n    edition: x',
      'steps[0].edition',
      /not known/,
    ],
    ['an unknown component', 'kube-scheduler', 'etcd', 'steps[2].component', /is "etcd"/],
    ['a step of no kind', 'look: after', 'glance: after', 'steps[5]', /is no step/],
    ['a list that is none', 'steps:\n', 'steps:\n  - 3\nother:\n', 'other', /not known/],
    ['a wait with a wrong field', 'p.restarts == 1)\n    at', 'p.restart == 1)\n    at', 'steps[3].wait', /restart/],
    ['a wait for a number', 'now.pods.all(p, p.restarts == 1)', 'size(now.pods)', 'steps[3].wait', /gives int/],
    ['a wait for a later look', 'now.pods.all', 'looks.after.pods.all', 'steps[3].wait', /looks/],
    ['a look that is not made', 'value: looks.after', 'value: looks.later', 'observations[0].value', /later/],
    ['types that do not fit', 'p.running)', 'p.running == 1)', 'observations[0].value', /overload/],
    [
      'a value that is no answer',
      'value: looks.after.pods.exists(p, p.running)',
      'value: now.pods',
      'observations[0].value',
      /list<Pod>/,
    ],
    [
      'evidence that is none',
      'evidence: events',
      'evidence: events + workers',
      'observations[1].evidence',
      /list<string>/,
    ],
    ['evidence that cannot be parsed', 'evidence: events', 'evidence: events +', 'observations[1].evidence', /no CEL/],
    ['an unknown row', 'row: comes-back', 'row: stays', 'observations[0].row', /stays/],
    ['an unknown side', '{ static: true,', '{ statik: true,', 'observations[0].expected.statik', /not known/],
    ['an answer of another type', '{ static: true,', '{ static: 1,', 'observations[0].expected.static', /type bool/],
    ['an answer without words', 'static: restarted', 'static: gone', 'observations[1].expected.static', /no words/],
    ['a name used twice', 'name: how', 'name: comes-back', 'observations[1].name', /second time/],
    ['a guess about no question', 'static.comes_back', 'static.comes_bak', 'hypotheses[0].holds', /comes_bak/],
    ['a guess of wrong type', 'static.comes_back', 'static.comes_back + 1', 'hypotheses[0].holds', /overload/],
  ])('when it has %s, then it is refused with file, field and line', async (_fault, right, wrong, field, words) => {
    expect(EXPERIMENT).toContain(right)
    write('crash.yaml', EXPERIMENT.replace(right, wrong))

    const error: unknown = await readExperiments(folder).catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ kind: 'BadRequest', remedy: expect.stringMatching(/\.$/) as string })
    const { message } = error as Error
    expect(message).toMatch(words)
    expect(message).toContain('crash.yaml: ')
    expect(message).toContain(field)
    expect(message).toMatch(/line \d+/)
  })

  it('when a wait far down is wrong, then the line is the one of its field', async () => {
    write('crash.yaml', EXPERIMENT.replace('p.restarts == 1)\n    at', 'p.restart == 1)\n    at'))
    await expect(readExperiments(folder)).rejects.toMatchObject({
      details: { file: 'crash.yaml', field: 'steps[3].wait', line: String(line('wait: now')) },
    })
  })
})

describe('given a table that does not fit its files', () => {
  it.each([
    [
      'names an experiment that has no file',
      () => write('table.yaml', TABLE.replace('crash,', 'crash, melt,')),
      /melt, which has no file/,
    ],
    ['names one twice', () => write('table.yaml', TABLE.replace('crash,', 'crash, crash,')), /second time/],
    ['leaves one out', () => write('stray.yaml', EXPERIMENT), /stray\.yaml: .*no experiment of table\.yaml/],
    ['is not there', () => rmSync(path.join(folder, 'table.yaml')), /table\.yaml: .*has no experiments/],
  ])('when it %s, then that is told', async (_fault, breakIt, words) => {
    breakIt()
    await expect(readExperiments(folder)).rejects.toMatchObject({
      kind: 'BadRequest',
      message: expect.stringMatching(words) as string,
    })
  })
})
