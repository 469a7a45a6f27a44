/** The figures of the safety policy. */

/** Processes and threads of one container: far more than a server needs, far fewer than a fork bomb wants. */
export const MAX_PROCESSES = 4096
/** The pause process, and two for each forwarded connection. */
export const MAX_SANDBOX_PROCESSES = 128

/** The kernel's largest weight; the engine refuses to start what asks for more, a kubelet cuts it. */
export const MAX_CPU_SHARES = 262_144
