import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeFinding } from '../../common/doctor/doctor-report.ts'
import { HOME_LABEL, LAB_LABEL } from '../../common/engine-labels.ts'
import { TestHome } from '../testing/test-home.ts'
import { findLeavings, selectOffered } from './lost-labs.ts'

let home: TestHome

beforeEach(async () => {
  home = new TestHome()
  const manager = await home.manager()
  for (const lab of ['here', 'lost']) await manager.up(lab, { nodes: 1 })
  rmSync(path.join(home.folder, 'labs/lost'), { recursive: true })
})
afterEach(() => home.dispose())

describe('given a lab whose folder was removed', () => {
  it('when leavings are looked for, then they are its, and not those of the lab that is there', async () => {
    expect(await findLeavings(home.engine, home.folder)).toEqual(['lost'])
  })

  it('when a volume has a label that is a command, then it is nobody’s lab, and gets into no remedy', async () => {
    await home.engine.createVolume('evil', { [HOME_LABEL]: home.folder, [LAB_LABEL]: 'x; rm -rf ~' })
    expect(await findLeavings(home.engine, home.folder)).toEqual(['lost'])
  })

  it('when the folder of all labs is away, then it cannot be said; made again, it can', async () => {
    rmSync(path.join(home.folder, 'labs'), { recursive: true })
    await expect(findLeavings(home.engine, home.folder)).rejects.toMatchObject({ kind: 'Unavailable' })
    mkdirSync(path.join(home.folder, 'labs'))
    expect(await findLeavings(home.engine, home.folder)).toEqual(['here', 'lost'])
  })

  it('when another is lost after the doctor has told of it, then only the one that was told of is removed', () => {
    const told = describeFinding('leavings', false, 'leavings-found', { names: 'lost, older' })
    expect(selectOffered(told, ['here', 'lost'])).toEqual(['lost'])
  })
})
