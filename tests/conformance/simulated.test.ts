/** The conformance cases on the simulated runtime. */
import { runCriCases } from './run-cri-cases.ts'
import { startSimulatedSubject } from './simulated-subject.ts'

runCriCases('simulated', startSimulatedSubject)
