/** The figures and names of the safety policy. */

/** Capabilities that Docker gives every container; a pod may name and drop them, and add no others. */
export const DEFAULT_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
] as const

/** Processes and threads of one container: far more than a server needs, far fewer than a fork bomb wants. */
export const MAX_PROCESSES = 4096
/** The pause process, and two for each forwarded connection. */
export const MAX_SANDBOX_PROCESSES = 128

/** The kernel's largest weight; the engine refuses to start what asks for more, a kubelet cuts it. */
export const MAX_CPU_SHARES = 262_144
