/** The node that `spec.nodeName` names (plugins/nodename). */
import { localFilter } from './local-filter.ts'

export const nodeName = localFilter({
  name: 'NodeName',
  isResolvable: false,
  concerns: ({ pod }) => (pod.spec.nodeName ?? '') !== '',
  refuse: ({ pod }, { name }) =>
    pod.spec.nodeName === name ? undefined : "node(s) didn't match the requested node name",
})
