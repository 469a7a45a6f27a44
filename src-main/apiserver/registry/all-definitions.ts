/** Every resource that the API server serves and stores (issue 5). */
import { NODES } from './core/nodes/node-definition.ts'
import { PODS } from './core/pods/pod-definition.ts'
import type { ResourceDefinition } from './resource-definition.ts'

export const ALL_DEFINITIONS: readonly ResourceDefinition[] = [PODS, NODES]
