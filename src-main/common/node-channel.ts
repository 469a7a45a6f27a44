/**
 * The node's private channel: HTTP/2 (`http://node`, prior knowledge) on the unix socket `/run/node-lab/kubelet.sock`,
 * reached by an exec relay through the engine (design §3). Nothing that a learner can break in a unit or config file is
 * part of it. Answers are JSON; watches (`?watch=1`) are one JSON document per line, headers flushed at once, beginning with
 * the present state. Errors: HTTP status and a `LabErrorData` body.
 *
 * | method and path | answer |
 * |---|---|
 * | GET /v1/kubelet | `KubeletInfo` |
 * | GET /v1/view[?watch=1] | `ChannelView`; a watch repeats it as a whole whenever anything of it changed (coalesced, at most every 100 ms) |
 * | GET /v1/timeline?after=BOOT:SEQUENCE[&watch=1][&namespace=&pod=] | `TimelineEntry` lines, oldest first; a `Gone` is not possible: an unknown position sends all |
 * | GET /v1/logs/NAMESPACE/POD/CONTAINER?follow=1&tailLines=N&previous=1&timestamps=1&sinceTime= | the log as text/plain, streamed |
 * | GET /v1/manifests | `ManifestListing`: the folder that the kubelet watches now |
 * | GET /v1/manifests/NAME | the file's bytes |
 * | PUT /v1/manifests/NAME | writes the file by rename (body ≤ 10 MiB); 204 |
 * | DELETE /v1/manifests/NAME | removes it; 204 |
 */
import type { Pod } from './api/core.ts'
import type { Time } from './api/meta.ts'
import type { FileVerdict } from './lab/file-verdict.ts'
import type { KubeletInfo } from './lab/lab-status.ts'

export const KUBELET_SOCKET_PATH = '/run/node-lab/kubelet.sock'
export const KUBELET_JOURNAL_PATH = '/var/log/journal/kubelet.log'
export const MANIFESTS_PATH = '/etc/kubernetes/manifests'
/** A uuid that the node's init writes anew at every start of the node container. */
export const BOOT_ID_PATH = '/run/node-lab/boot-id'

export interface ChannelView {
  kubelet: KubeletInfo
  files: FileVerdict[]
  pods: Pod[]
  observedAt: Time
}

export interface ManifestListing {
  path: string | null
  names: string[]
}
