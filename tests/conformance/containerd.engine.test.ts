/** The conformance cases on a real containerd. */
import { startContainerdSubject } from './containerd-subject.ts'
import { runCriCases } from './run-cri-cases.ts'

runCriCases('containerd', startContainerdSubject)
