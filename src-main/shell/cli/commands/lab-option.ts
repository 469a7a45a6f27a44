/** The option that nearly every command has. */
import type { Command } from 'commander'
import { labArgument } from '../arguments.ts'

export const DEFAULT_LAB = 'default'

export interface LabOption {
  lab: string
}

/** Adds `--lab LAB`. */
export function withLab(command: Command): Command {
  return command.option('--lab <lab>', 'the lab', labArgument, DEFAULT_LAB)
}
