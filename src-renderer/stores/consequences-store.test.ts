import { beforeEach, describe, expect, it } from 'vitest'
import type { ExplainedAction } from '../model/consequences/explained-action.ts'
import type { LiveState } from '../model/consequences/live-state.ts'
import { NOW } from '../testing/fixtures.ts'
import { freshPinia } from '../testing/mount-app.ts'
import { useActionSheetStore } from './action-sheet-store.ts'
import { useConsequencesStore } from './consequences-store.ts'

const STOP: ExplainedAction = { kind: 'KubeletStopped', lab: 'default', node: 'node01' }
const nothing = (second = 0): LiveState => ({
  ...{ nowMs: NOW + second * 1000, lab: undefined, views: [], cluster: undefined, containers: undefined, entries: [] },
})

beforeEach(() => {
  freshPinia()
})

describe('given watched actions', () => {
  it('when the same is done once more, then its card begins anew; another node has a card of its own', () => {
    const store = useConsequencesStore()
    const first = store.begin(STOP, nothing())
    store.begin({ ...STOP, node: 'node02' }, nothing())
    const again = store.begin(STOP, nothing(5))
    expect(store.watched.map(({ id, action }) => [id, action.node])).toEqual([
      [again, 'node01'],
      [again - 1, 'node02'],
    ])
    expect(first).toBe(again - 2)
  })

  it('when there are too many, then one that is over goes first', () => {
    const store = useConsequencesStore()
    store.begin(STOP, nothing())
    store.look(() => nothing(1_000))
    expect(store.watched[0]).toMatchObject({ isConcluded: true })
    for (let number = 2; number <= 7; number += 1) store.begin({ ...STOP, node: `node0${number}` }, nothing())
    expect(store.watched).toHaveLength(6)
    expect(store.watched.some(({ action }) => action.node === 'node01')).toBe(false)
  })

  it('when the lab goes, then its cards go', () => {
    const store = useConsequencesStore()
    store.begin(STOP, nothing())
    store.begin({ ...STOP, lab: 'other' }, nothing())
    store.removeLab('default')
    expect(store.watched.map(({ action }) => action.lab)).toEqual(['other'])
  })
})

it('given an explanation that was dismissed, then only its own kind is silent, also in a new window, until it is wanted again', () => {
  useActionSheetStore().silence(STOP)
  const kept = localStorage.getItem('node-lab.explained-actions') ?? ''
  freshPinia()
  localStorage.setItem('node-lab.explained-actions', kept)
  const sheet = useActionSheetStore()
  expect(sheet.isSilenced({ ...STOP, node: 'node02' })).toBe(true)
  expect(sheet.isSilenced({ ...STOP, kind: 'NodeStopped' })).toBe(false)
  sheet.explainAgain(STOP)
  expect(sheet.isSilenced(STOP)).toBe(false)
})
