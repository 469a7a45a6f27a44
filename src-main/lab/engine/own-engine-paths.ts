/** Where an engine that Node Lab made for this machine lives. One per machine, whoever's lab it serves. */
import { join } from 'node:path'

export interface OwnEnginePaths {
  /** Survives: program files, images, containers, log. */
  state: string
  /** Gone with a reboot: socket and pid file. Short, because a unix socket's path may have 108 bytes. */
  run: string
}

export const OWN_ENGINE: OwnEnginePaths = { state: '/var/lib/node-lab/engine', run: '/run/node-lab' }

export function ownSocketPath(paths: OwnEnginePaths = OWN_ENGINE): string {
  return join(paths.run, 'docker.sock')
}

export function ownEndpoint(paths: OwnEnginePaths = OWN_ENGINE): string {
  return `unix://${ownSocketPath(paths)}`
}

export function ownPidFile(paths: OwnEnginePaths = OWN_ENGINE): string {
  return join(paths.run, 'docker.pid')
}

export function ownLogFile(paths: OwnEnginePaths = OWN_ENGINE): string {
  return join(paths.state, 'dockerd.log')
}
