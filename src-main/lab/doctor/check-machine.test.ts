import { expect, it } from 'vitest'
import { checkState } from '../../common/doctor/doctor-report.ts'
import { judgeKubectl } from './check-machine.ts'

it('given the kubectl that nodes have, when judged, then it is worth knowing, and the nodes’ is not said to be nearer', () => {
  const check = judgeKubectl('v1.32.4')
  expect(checkState(check)).toBe('notice')
  expect(check.meaning).toContain('The nodes’ kubectl is Debian’s, 1.32')
  expect(check.remedy).toContain('Nothing has to be done.')
  expect(checkState(judgeKubectl('v1.34.1'))).toBe('ok')
})
