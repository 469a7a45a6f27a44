/** The rest of the node-life table: two things at once, and what else may happen to the engine (docs/node-life.md). */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { LIFE_EVENTS } from '../support/node-life/life-events.ts'
import { LifeScene } from '../support/node-life/life-scene.ts'
import { ENGINE_ROWS, FURTHER_NODE_ROWS, type LifeEvent, type LifeRow } from '../support/node-life/life-table.ts'

let scene: LifeScene

beforeAll(async () => {
  scene = await LifeScene.create('life-full')
})

afterAll(() => scene.dispose())

describe('given two nodes with pods', () => {
  const rows = Object.entries<LifeRow>({ ...FURTHER_NODE_ROWS, ...ENGINE_ROWS })
  it.each(rows)('when it comes to %s, then everything is as docs/node-life.md says', async (event, row) => {
    await scene.play(row, LIFE_EVENTS[event as LifeEvent])
  })
})
