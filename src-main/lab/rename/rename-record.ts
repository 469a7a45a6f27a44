/** What a rename that is under way is about. It lies in the lab's folder and moves with it: where it is found says how far it came. */
import { readFile, rm } from 'node:fs/promises'
import { labNameFault } from '../../common/lab/names.ts'
import { hasCode } from '../store/error-code.ts'
import type { HomeLayout } from '../store/home.ts'
import { writeAtomically } from '../store/write-atomically.ts'

export interface RenameRecord {
  from: string
  to: string
}

/** @param lab name of the folder that it is looked for in @returns `undefined` when there is none that can be read */
export async function readRenameRecord(layout: HomeLayout, lab: string): Promise<RenameRecord | undefined> {
  let text: string
  try {
    text = await readFile(layout.renameRecord(lab), 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
  try {
    const { from, to } = JSON.parse(text) as Record<string, unknown>
    return isLabName(from) && isLabName(to) && [from, to].includes(lab) ? { from, to } : undefined
  } catch {
    // Written as a whole or not at all: somebody else has written this one, and it says nothing.
    return undefined
  }
}

export async function writeRenameRecord(layout: HomeLayout, record: RenameRecord): Promise<void> {
  await writeAtomically(layout.renameRecord(record.from), `${JSON.stringify(record)}\n`)
}

export async function removeRenameRecord(layout: HomeLayout, lab: string): Promise<void> {
  await rm(layout.renameRecord(lab), { force: true })
}

function isLabName(value: unknown): value is string {
  return typeof value === 'string' && labNameFault(value) === undefined
}
