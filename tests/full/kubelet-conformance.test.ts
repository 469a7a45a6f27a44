/** Recorded cases that take minutes in real time: the whole back-off ladder, its reset after ten minutes, listings, 30 pods. */
import { vi } from 'vitest'
import { registerEngineCases } from '../conformance/kubelet/register-engine-cases.ts'

vi.setConfig({ testTimeout: 1_500_000 })
registerEngineCases('full', 1200)
