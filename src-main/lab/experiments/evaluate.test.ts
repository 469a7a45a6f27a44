import { describe, expect, it } from 'vitest'
import { evaluateAnswer, evaluateEvidence, evaluateHypothesis, evaluateWait } from './evaluate.ts'
import { CREATED, KILLING, newSideRecord } from './testing/side-records.ts'

const record = newSideRecord()
const { before, now, actions } = record

describe('given the record of a pod that was deleted and made anew', () => {
  it.each([
    ['now.pods.exists(p, p.name == before.pods[0].name)', false],
    ['size(looks.after.pods)', 2],
    ['onNode(now.pods, target)[0].owner', 'DaemonSet/agent'],
    ['onNode(now.pods, "node99").size()', 0],
    ['running(now.pods.map(p, p)).size() == size(workers)', true],
    ['seconds(before.time, now.time)', 7],
    ['seconds(now.time, before.time)', -8],
    ['sum(now.pods.map(p, p.restarts))', 2],
    ['max(now.pods.map(p, p.restarts))', 2],
    ['max(events.map(e, 1).filter(n, n > 1))', 0],
    ['distinct(now.pods.map(p, p.image)).join(", ")', 'busybox:1.36'],
    ['now.definition.generation + 1', 2],
    ['timeline[0].details.exitCode', 137],
    ['usedFor[0] + " " + side', 'node-monitor daemonSet'],
    ['timestamp(now.time) - timestamp(before.time) < duration("8s")', true],
  ])('when %s is asked, then the answer is %j, with plain numbers', (expression, answer) => {
    expect(evaluateAnswer(expression, record)).toEqual({ value: answer })
  })

  it('when fields are named that a timeline entry does not have, then they are empty and no fault', () => {
    const question = 'timeline[0].file + timeline[0].cause + timeline[0].pod.name'
    expect(evaluateAnswer(question, record)).toEqual({ value: '' })
    const bare = newSideRecord({ timeline: [{ ...KILLING, details: {} }] })
    expect(evaluateAnswer('timeline.exists(t, has(t.details.exitCode))', bare)).toEqual({ value: false })
  })

  it.each([
    ['onNode(now.pods, "node99")[0].name', /out of bounds/],
    ['looks.earlier.pods.size()', /earlier/],
    ['timeline[0].details.signal', /signal/],
    ['seconds("noon", now.time)', /not two times/],
    ['now.pods.size() +', /EOF/],
    ['now.pods', /neither true or false nor a number nor a text/],
    ['now.pod.size()', /pod/],
  ])('when %s cannot be answered, then there is a fault with words and nothing is thrown', (expression, words) => {
    expect(evaluateAnswer(expression, record)).toEqual({ fault: expect.stringMatching(words) as string })
  })
})

describe('given something to wait for', () => {
  it.each([
    ['now.pods.all(p, p.ready)', true],
    ['now.pods.all(p, p.deleting)', false],
    ['looks.earlier.pods.size() == 2', false],
  ])('when it is %s, then that it is there is %j', (expression, isThere) => {
    expect(evaluateWait(expression, record)).toBe(isThere)
  })
})

describe('given evidence of several kinds', () => {
  it('when lists are summed up, then all are answered as they were seen, each once', () => {
    const expression = 'actions + (before.pods + events) + [now.definition, before.definition] + timeline + events'
    expect(evaluateEvidence(expression, record)).toEqual({
      value: [...actions, ...before.pods, CREATED, now.definition, before.definition, KILLING],
    })
  })

  it.each([
    ['looks.earlier.pods + events', /earlier/],
    ['now.pods.map(p, p.name)', /no list of pods/],
    ['size(now.pods)', /no list/],
    ['events +', /EOF/],
  ])('when it is %s, then there is a fault with words', (expression, words) => {
    expect(evaluateEvidence(expression, record)).toEqual({ fault: expect.stringMatching(words) as string })
  })
})

describe('given the answers of two sides', () => {
  const answers = { static: { comes_back: true, restarts: 2 }, daemonSet: { comes_back: false, restarts: 0 } }

  it.each([
    ['static.comes_back && !daemonSet.comes_back', true],
    ['static.restarts == daemonSet.restarts', false],
    ['static.restarts > 1', true],
  ])('when a guess is %s, then whether it was right is %j', (expression, held) => {
    expect(evaluateHypothesis(expression, answers)).toEqual({ value: held })
  })

  it.each(['deployment.comes_back', 'static.never_asked', 'static.restarts'])(
    'when a guess is %s, then it is neither right nor wrong',
    (expression) => {
      expect(evaluateHypothesis(expression, answers)).toEqual({ fault: expect.any(String) as string })
    },
  )
})
