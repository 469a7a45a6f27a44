/** All cases of the kubelet's conformance, in the order of the recordings. */
import { START_CASES } from './cases/01-start-cases.ts'
import { CRASH_CASES } from './cases/02-crash-cases.ts'
import { REMOVE_CASES } from './cases/03-remove-cases.ts'
import { EDIT_CASES } from './cases/04-edit-cases.ts'
import { SAVING_CASES } from './cases/04-saving-cases.ts'
import { FILE_CASES } from './cases/05-file-cases.ts'
import { RESTART_CASES } from './cases/06-restart-cases.ts'
import { KILLED_CASES } from './cases/07-killed-cases.ts'
import { CONTAINER_CASES } from './cases/08-container-cases.ts'
import { INIT_CASES } from './cases/08-init-cases.ts'
import { PROBE_CASES } from './cases/08-probe-cases.ts'
import { VOLUME_CASES } from './cases/08-volume-cases.ts'
import { SHAPE_CASES } from './cases/09-shape-cases.ts'
import { MANY_CASES } from './cases/10-many-cases.ts'
import { UPSTREAM_CASES } from './cases/upstream-cases.ts'
import type { KubeletCase } from './kubelet-case.ts'

const CASE_GROUPS = {
  'From a file to a running pod': START_CASES,
  'Exits and restarts': CRASH_CASES,
  'A manifest is removed': REMOVE_CASES,
  'A manifest is edited': EDIT_CASES,
  'A manifest is saved, moved and copied': SAVING_CASES,
  'Two files of one pod': FILE_CASES,
  'The kubelet is stopped and started': RESTART_CASES,
  'Containers and sandboxes are killed': KILLED_CASES,
  'Init containers': INIT_CASES,
  Probes: PROBE_CASES,
  'Images, commands, hooks and messages': CONTAINER_CASES,
  'Volumes, variables and networks': VOLUME_CASES,
  'Pods as objects': SHAPE_CASES,
  'Many pods at once': MANY_CASES,
  'From upstream’s node e2e suites': UPSTREAM_CASES,
} as const

export interface NumberedKubeletCase {
  /** Also the name of its pod. */
  id: string
  case: KubeletCase
}

export const KUBELET_CASES: { title: string; cases: NumberedKubeletCase[] }[] = Object.entries(CASE_GROUPS).map(
  ([title, group]) => ({
    title,
    cases: Object.entries(group).map(([id, one]: [string, KubeletCase]) => ({ id, case: one })),
  }),
)
