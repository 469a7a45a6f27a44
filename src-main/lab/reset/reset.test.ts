import { afterEach, expect, it } from 'vitest'
import { listLabsOf } from '../../common/doctor/reset-plan.ts'
import { TestHome } from '../testing/test-home.ts'
import { planReset, runReset } from './reset.ts'

const home = new TestHome()
afterEach(() => home.dispose())

it('given a lab that was made after the plan was read, when the reset is agreed to, then that lab stays', async () => {
  const manager = await home.manager()
  const connect = () => Promise.resolve(home.engine)
  await manager.up('old', { nodes: 1 })
  const labs = listLabsOf(await planReset(manager, connect))
  await manager.up('new', { nodes: 1 })
  const outcome = await runReset(manager, { labs, settings: false, images: false }, undefined, connect)
  expect(outcome.labs).toEqual(['old'])
  expect((await manager.listLabs()).map(({ name }) => name)).toEqual(['new'])
})
