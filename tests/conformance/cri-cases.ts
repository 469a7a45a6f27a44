/** All cases of the conformance suite, in the order in which they are run. */
import { CONTAINER_CASES } from './cases/container-cases.ts'
import { EVENT_CASES } from './cases/event-cases.ts'
import { EXEC_CASES } from './cases/exec-cases.ts'
import { IMAGE_CASES } from './cases/image-cases.ts'
import { LOG_CASES } from './cases/log-cases.ts'
import { MOUNT_CASES } from './cases/mount-cases.ts'
import { NAMESPACE_CASES } from './cases/namespace-cases.ts'
import { PROCESS_CASES } from './cases/process-cases.ts'
import { RESOURCE_CASES } from './cases/resource-cases.ts'
import { RUNTIME_CASES } from './cases/runtime-cases.ts'
import { SANDBOX_CASES } from './cases/sandbox-cases.ts'
import type { CriCase } from './cri-case.ts'

export const CASE_GROUPS = {
  'The runtime': RUNTIME_CASES,
  Images: IMAGE_CASES,
  'Pod sandboxes': SANDBOX_CASES,
  Containers: CONTAINER_CASES,
  'Commands and streams': EXEC_CASES,
  Processes: PROCESS_CASES,
  Mounts: MOUNT_CASES,
  Namespaces: NAMESPACE_CASES,
  'Limits and statistics': RESOURCE_CASES,
  Logs: LOG_CASES,
  Events: EVENT_CASES,
} as const

type Groups = typeof CASE_GROUPS
/** The id of a case; there is no other. */
export type CaseId = { [Title in keyof Groups]: keyof Groups[Title] }[keyof Groups]

export interface NumberedCase {
  id: CaseId
  case: CriCase
}

/** The cases of each group. */
export const CASES: { title: string; cases: NumberedCase[] }[] = Object.entries(CASE_GROUPS).map(([title, group]) => ({
  title,
  cases: Object.entries(group).map(([id, criCase]) => ({ id: id as CaseId, case: criCase })),
}))
