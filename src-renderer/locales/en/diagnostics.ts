/** The diagnostics page: what the doctor looks at and finds, logs to send, and the reset. */
import { DOCTOR_FINDINGS, DOCTOR_REMEDIES } from '@common/doctor/doctor-findings.ts'

export const diagnostics = {
  diagnostics: {
    title: 'Diagnostics',
    description:
      'What labs need of this machine and its engine, looked at one by one. What is wrong says how to mend it.',
    again: 'Run again',
    copy: 'Copy as text',
    looking: 'Looking…',
    good: 'Everything that a lab needs is here.',
    bad: 'One thing is not as it should be. | One thing is not as it should be. | {count} things are not as they should be.',
    failed: 'The diagnosis could not be finished',
    checksLabel: 'Checks',
    states: { ok: 'fine', failed: 'needs you', waiting: 'next', skipped: 'not looked at' },
    checks: {
      home: { title: 'Folder of the labs', about: 'Manifests and settings need a folder that can be written to.' },
      engine: { title: 'Container engine', about: 'Nodes are containers, so an engine has to answer.' },
      images: { title: 'Images', about: 'Nodes and sample pods start from images that come with Node Lab.' },
      'volume-subpath': {
        title: 'Isolation of volumes',
        about: 'A pod may see its node’s files and no others; the engine has to keep that wall.',
      },
      'bind-mount': {
        title: 'Manifest folders',
        about: 'A file on this machine has to show on the node, and the other way round.',
      },
      'engine-socket': {
        title: 'Socket of the engine',
        about: 'Each node’s container runtime speaks with the engine over its socket.',
      },
      'inotify-limits': { title: 'File watchers', about: 'Each kubelet watches its manifest folder.' },
      disk: { title: 'Disk space', about: 'Images, logs and pods need room.' },
      ports: { title: 'Ports', about: 'API server and browser bridge listen on this machine only.' },
      leavings: { title: 'Leavings', about: 'Containers and volumes of labs whose folder is gone.' },
    },
    findings: DOCTOR_FINDINGS,
    remedies: DOCTOR_REMEDIES,
    mends: {
      'start-engine': 'Start an engine',
      'load-images': 'Load the images',
      'remove-leavings': 'Remove them',
      'raise-inotify-limit': 'Raise the limit',
    },
    mending: 'Mending…',
    askRaise:
      'This sets fs.inotify.max_user_instances to 512 on this machine, for all its users, until it is started anew. Node Lab runs as root here, so it can.',
    askRemove:
      'This removes the containers, networks and volumes of these labs from the engine, with everything in them. They bear the label of this home; nothing else is touched.',
    machine: 'This machine',
    noEngine: 'none',
    cache: 'Cache',
    disk: 'Disk',
    diskFree: '{free} of {total} free',
    diskUsed: 'Used part of the disk',
    labs: 'Labs',
    noLabs: 'none yet',
    nodes: 'no nodes | 1 node | {count} nodes',
    images: 'Images of Node Lab',
    noImages: 'The engine has none of them.',
  },
}
