/** What was recorded of a cluster and is compared with no case, and why. */
export const NOT_SHOWN: Readonly<Record<string, string>> = {
  'p2-node-down/node02-380s.json': 'The Node is as it was after a minute.',
  'p2-node-down/node02-after-restart.json': 'Figures and ids of the machine; that it is ready is in the timeline.',
  'p2-node-down/pods-60s.json': 'The objects of what the timeline tells, which is compared.',
  'p2-node-down/pods-380s.json': 'The objects of what the timeline tells, which is compared.',
  'p2-node-down/pods-after-restart.json': 'The objects of what the timeline tells, which is compared.',
}
