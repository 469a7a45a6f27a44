/** Labels that every engine object of Node Lab bears (design §4). What bears none of them is never touched. */

export const LAB_LABEL = 'io.node-lab.lab'
export const NODE_LABEL = 'io.node-lab.node'
export const ROLE_LABEL = 'io.node-lab.role'
/** The node container's start time (RFC 3339, as the engine writes it) under which a sandbox or container was made. */
export const BOOT_LABEL = 'io.node-lab.boot'
/** Hash of the spec that an engine object was made from; a difference means it has to be made again. */
export const SPEC_HASH_LABEL = 'io.node-lab.spec-hash'
/** The lab's home folder (`$NODE_LAB_HOME`) on this machine, so that two homes do not mistake each other's labs. */
export const HOME_LABEL = 'io.node-lab.home'
/** On helpers: the process that made them (`pid boot:tick`), so that what a killed one left can be told from what is in use. */
export const PROCESS_LABEL = 'io.node-lab.process'
/** On images: the hash of the inputs that the image was built from. */
export const IMAGE_INPUTS_LABEL = 'io.node-lab.image-inputs'

export type EngineRole =
  | 'node'
  | 'runtime'
  | 'simulated'
  | 'sandbox'
  | 'container'
  | 'network'
  | 'volume'
  | 'memory-volume'
  | 'helper'

/** Repository prefix of every image of Node Lab; the reserved top-level domain `.invalid` can never be pulled. */
export const IMAGE_PREFIX = 'node-lab.invalid'
