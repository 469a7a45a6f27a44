/**
 * The node's port forwarder: what a CNI port mapping plugin is on a real node. The runtime service starts it in the node
 * when a pod there has host ports, and says on its standard input which are wanted (`common/port-forwarding.ts`). It ends
 * with that input, so that no port outlives the service that wanted it.
 */
import { createInterface } from 'node:readline'
import { systemClock } from '../../base/clock.ts'
import type { ForwardingAnswer, ForwardingRequest } from '../../common/port-forwarding.ts'
import { PortForwarder } from './port-forwarder.ts'

process.title = 'port-forwarder'
const forwarder = new PortForwarder(systemClock())
process.stdout.on('error', () => process.exit(0))
for await (const line of createInterface({ input: process.stdin })) {
  const { serial, pods } = JSON.parse(line) as ForwardingRequest
  const answer: ForwardingAnswer = { serial, faults: await forwarder.sync(pods) }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit(0)
