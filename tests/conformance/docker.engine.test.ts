/** The conformance cases on the Docker runtime service. */
import { startDockerSubject } from './docker-subject.ts'
import { runCriCases } from './run-cri-cases.ts'

runCriCases('docker', startDockerSubject)
