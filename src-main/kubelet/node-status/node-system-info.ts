/** What the kubelet finds out about the system of its node, once, at its start (cadvisor's MachineInfo and VersionInfo). */
import { release } from 'node:os'
import { readOrEmpty } from '../node-facts.ts'

export interface NodeSystem {
  machineID: string
  systemUUID: string
  bootID: string
  kernelVersion: string
  osImage: string
}

export function readNodeSystem(bootID: string): NodeSystem {
  const machineID = readOrEmpty('/etc/machine-id').trim()
  return {
    machineID,
    systemUUID: readOrEmpty('/sys/class/dmi/id/product_uuid').trim() || machineID,
    bootID,
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readOrEmpty('/etc/os-release'))?.[1] ?? 'Linux',
  }
}
