/** What follows from an action, as far as it has been seen: rules by kind of action, judged on what the window knows. Pure. */
import { clusterRules } from './consequences/cluster-rules.ts'
import { containerRules } from './consequences/container-rules.ts'
import type { Expectation, HappeningRule, HoldingRule, Rule, Scene } from './consequences/expectation.ts'
import { isNodeBack, nodeRules } from './consequences/node-rules.ts'
import { schedulingRules } from './consequences/scheduling-rules.ts'

/**
 * The expectations after one more look. What was seen once stays seen: states pass. `before` is the answer to the look before,
 * empty at first.
 */
export function computeConsequences(scene: Scene, before: readonly Expectation[]): Expectation[] {
  const rules = rulesOf(scene)
  const known = new Map(before.map((expectation) => [expectation.id, expectation]))
  const isOvertaken = isUndone(scene, known)
  const happened = rules.flatMap((rule) =>
    rule.form === 'happens'
      ? [{ rule, expectation: judgeHappening(rule, scene, known.get(rule.id), isOvertaken) }]
      : [],
  )
  const isOver = happened.every(({ rule, expectation }) => rule.isOptional === true || expectation.state !== 'pending')
  const byId = new Map(happened.map(({ expectation }) => [expectation.id, expectation]))
  return rules.flatMap((rule) => {
    if (rule.form === 'holds') return [judgeHolding(rule, scene, known.get(rule.id), isOver)]
    const expectation = byId.get(rule.id)
    const isTold = expectation !== undefined && (rule.isOptional !== true || expectation.state === 'seen')
    return isTold ? [expectation] : []
  })
}

/** Nothing more is waited for. */
export function isConcluded(expectations: readonly Expectation[]): boolean {
  return expectations.length > 0 && expectations.every(({ state }) => state !== 'pending')
}

/** A node or kubelet that was seen to go has come back: nothing more follows from its absence. */
function isUndone(scene: Scene, known: ReadonlyMap<string, Expectation>): boolean {
  switch (scene.action.kind) {
    case 'NodeStopped':
    case 'NodePoweredOff':
      return known.get('nodeOff')?.state === 'seen' && isNodeBack(scene, 'node')
    case 'KubeletStopped':
      return known.get('kubeletAway')?.state === 'seen' && isNodeBack(scene, 'kubelet')
    default:
      return false
  }
}

function rulesOf(scene: Scene): Rule[] {
  const { action, baseline } = scene
  switch (action.kind) {
    case 'ContainerCrashed':
      return containerRules(action, baseline)
    case 'ApiPodDeleted':
    case 'ComponentStopped':
    case 'ComponentStarted':
      return clusterRules(action, baseline)
    case 'NodeCordoned':
    case 'NodeUncordoned':
    case 'NodeDrained':
      return schedulingRules(action, baseline)
    default:
      return nodeRules(action, baseline)
  }
}

function judgeHappening(
  rule: HappeningRule,
  scene: Scene,
  known: Expectation | undefined,
  isOvertaken: boolean,
): Expectation {
  if (known !== undefined && known.state !== 'pending') return known
  const { askedMs } = scene.baseline
  const found = rule.find(scene)
  const { nowMs } = scene.live
  if (found !== undefined) {
    const tookMs = Math.max(0, (found.atMs ?? nowMs) - askedMs)
    return { id: rule.id, state: 'seen', evidence: found.evidence, tookMs }
  }
  if (isOvertaken) return { id: rule.id, state: 'overtaken' }
  const isGivenUp = nowMs - askedMs > rule.limitMs || rule.isHopeless?.(scene) === true
  return { id: rule.id, state: isGivenUp ? 'not-seen' : 'pending' }
}

/** One that could never be judged is not claimed in the end. */
function judgeHolding(rule: HoldingRule, scene: Scene, known: Expectation | undefined, isOver: boolean): Expectation {
  if (known !== undefined && known.state !== 'pending') return known
  const judged = rule.judge(scene)
  if (judged?.isSo === false) return { id: rule.id, state: 'not-seen', evidence: judged.evidence }
  const evidence = judged?.evidence ?? known?.evidence
  if (!isOver) return { id: rule.id, state: 'pending', ...(evidence && { evidence }) }
  return evidence === undefined ? { id: rule.id, state: 'not-seen' } : { id: rule.id, state: 'seen', evidence }
}
