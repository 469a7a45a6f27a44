/** What follows from a finding for labs, and what to do about it, in English; other languages translate by the same names. */
import type { DoctorFinding } from './doctor-findings.ts'

/** One sentence of consequences. Of good news only where it is worth knowing. */
export const DOCTOR_MEANINGS = {
  'home-unusable': 'No lab can be made, and those that are elsewhere are not seen.',
  'engine-none': 'Nodes are containers: without an engine no lab can be made, started or looked into.',
  'engine-silent': 'Nodes are containers: without an engine no lab can be made, started or looked into.',
  'images-missing': 'Nodes or sample pods cannot start; the next `up` makes the images first, which takes a minute.',
  'images-unreadable':
    'Without its images Node Lab can start no node, and nothing that needs a container was looked at.',
  'architecture-other': 'Programs in these images end at once with “exec format error”, or run in slow emulation.',
  'limits-ignored':
    'Limits in manifests have no effect: a container that takes too much memory is not ended with OOMKilled.',
  'rootless-engine':
    'Root in containers is your own user on this machine: ports below 1024 cannot be published, and limits need delegated control groups.',
  'selinux-on':
    'Manifest folders have to bear a label that containers may read; the check of manifest folders says whether they do.',
  'clock-behind':
    'Entries of nodes stand before what you did to cause them, and certificates that are made now may not be valid yet on nodes.',
  'clock-ahead': 'Entries of nodes seem to lie in the future, and certificates may end earlier than they say.',
  'subpaths-ignored': 'A pod would see all files of its node, and of the lab’s keys; no lab is made on such an engine.',
  'subpaths-escape': 'A pod could leave its folder by a link; no lab is made on such an engine.',
  'mount-unseen': 'A manifest that you put into a folder would never reach its node.',
  'mount-lost': 'What a node writes into its manifest folder would not show here.',
  'mount-labelled': 'A manifest that you put into a folder would never reach its node.',
  'events-missing':
    'A kubelet sees a change only when it looks by itself: every 20 seconds, unless it is configured otherwise.',
  'events-unseen': 'A manifest that you put into a folder would reach its node late or never.',
  'socket-wrong': 'Container runtimes of nodes could not speak with the engine, so no pod would start.',
  'watchers-few':
    'After a few nodes, kubelets can no longer watch their folders (“too many open files”) and see changes 20 seconds late.',
  'watchers-used-up':
    'A new kubelet cannot watch its folder (“too many open files”) and sees changes 20 seconds late; other programs of this user fail as well.',
  'watches-few': 'Kubelets and the programs in pods can watch few files; the rest is told “no space left on device”.',
  'files-few': 'etcd and the API server need more under load, and fail with “too many open files”.',
  'processes-few':
    'With a dozen pods, programs in containers can no longer start others (“resource temporarily unavailable”).',
  'keyrings-few':
    'Each container takes a key; once there is none left, containers cannot start (“disk quota exceeded”).',
  'memory-few':
    'The kernel ends programs when the memory is used up: pods, kubelets or etcd die without a fault of theirs.',
  'disk-low': 'Manifests, settings and journals can soon not be written any more.',
  'engine-disk-low': 'Images cannot be loaded, containers cannot be made, and etcd refuses to write.',
  'engine-disk-cache': 'Images cannot be loaded, containers cannot be made, and etcd refuses to write.',
  'ports-taken': 'No node can be added: each gets a port of its own for an API server.',
  'ports-refused': 'Neither the app in a browser nor an API server could be reached.',
  'published-unreached': 'kubectl on this machine cannot reach the API servers of labs; kubectl on the nodes can.',
  'subnets-none': 'No lab can be made, since it would have no addresses.',
  'subnets-clash':
    'Packets for nodes go into the other network, or those for the other network to nodes: one of them seems dead, and the lab may not start.',
  'kubectl-none': '`node-lab kubectl` takes the one on the node. Only plain `kubectl` is missing.',
  'kubectl-skew':
    'Up to one minor version between kubectl and API server is supported; beyond that, fields and commands may be missing or unknown. The nodes’ kubectl is Debian’s, 1.32, and so beyond it too: what the lessons use was tried with it (docs/kubectl.md).',
  'leavings-found': 'They take memory and disk, and their addresses and ports cannot be given to another lab.',
  'leavings-unclear': 'Parts of labs that are gone may take memory and disk.',
  'labs-broken':
    'What was on a lost disk is gone (logs, the node’s timeline, changes to its files); manifests are kept in this machine’s folders.',
  'labs-unreadable': 'Such a lab can be neither started nor removed before its file is mended.',
  'probe-broke': 'Whether labs work in this respect is not known.',
} as const satisfies Partial<Record<DoctorFinding, string>>

/** What to do; the command itself stands beside it. */
export const DOCTOR_REMEDIES = {
  'home-unusable': '{advice}',
  'engine-none': '{advice}',
  'engine-silent': 'Start the engine, or let Node Lab find or make one.',
  'images-missing': 'Make the images. A machine that cannot make them loads a bundle: `node-lab images import FILE`.',
  'images-unreadable': '{advice}',
  'architecture-other': 'Remove these images and make them anew for this processor.',
  'limits-ignored':
    'Let the kernel keep these limits (for memory: `cgroup_enable=memory swapaccount=1` on its command line), or have systemd delegate them to an engine without root.',
  'clock-behind': 'Set the engine’s clock; that of a virtual machine stands still while the computer sleeps.',
  'clock-ahead': 'Set the engine’s clock, or that of this machine.',
  'subpaths-ignored':
    'Install Docker 26 or newer (https://docs.docker.com/engine/install), and point DOCKER_HOST at it.',
  'subpaths-escape':
    'Install Docker 26 or newer (https://docs.docker.com/engine/install), and point DOCKER_HOST at it.',
  'mount-unseen':
    'Let the engine see {folder} (Docker Desktop: Settings, Resources, File sharing), or keep the labs in a folder that it sees: set NODE_LAB_HOME in your shell’s profile.',
  'mount-lost':
    'Let the engine see {folder} (Docker Desktop: Settings, Resources, File sharing), or keep the labs in a folder that it sees: set NODE_LAB_HOME in your shell’s profile.',
  'mount-labelled': 'Give the folder the label that containers may use.',
  'events-missing': 'Have changes told to containers, or have the kubelet look more often.',
  'events-unseen': 'Look once more; if it stays so, keep the labs in a folder that the engine sees at once.',
  'socket-wrong':
    'Say in NODE_LAB_ENGINE_SOCKET where the engine’s socket is on the engine’s machine, in your shell’s profile so that it lasts.',
  'watchers-few': 'Raise the limit.',
  'watchers-used-up': 'Raise the limit.',
  'watches-few': 'Raise the limit.',
  'files-few': 'Raise the engine’s limit and start it again.',
  'processes-few': 'Raise the limit of the engine’s machine.',
  'keyrings-few': 'Raise the limit.',
  'memory-few': 'Give the engine’s machine more memory, or see what takes it.',
  'disk-low': 'See what takes the room, and remove what is not needed; 2 GB should be free.',
  'engine-disk-low': 'See what takes the room, and remove what is not needed; 2 GB should be free.',
  'engine-disk-cache': 'Remove the build cache, which the engine makes again when it needs it.',
  'ports-taken': 'See which programs listen there, and end those that need not.',
  'ports-refused': 'Look at the firewall or the security program of this machine.',
  'published-unreached': 'Forward the port, or use the kubectl of the node.',
  'subnets-none': 'Remove networks of containers that are not used, or end a VPN.',
  'subnets-clash':
    'End the VPN, or give the lab other addresses: stop it, remove its network and start it. Its disks and manifests stay.',
  'kubectl-none': 'Use the node’s.',
  'kubectl-skew': 'Nothing has to be done. Where a command answers strangely, try the node’s kubectl.',
  'leavings-found': 'Remove what is left of them.',
  'leavings-unclear': '{advice}',
  'labs-broken': 'Have the missing parts made anew.',
  'labs-unreadable': '{advice}',
  'probe-broke': '{advice}',
} as const satisfies Partial<Record<DoctorFinding, string>>
