/** The program that a container runs to look at the engine's machine, run on this one; as root, to be another user as well. */
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseEngineInfo } from '../engine/engine-info.ts'
import { judgeSurvey } from './judge-engine.ts'
import { parseSurvey, SURVEY_PROGRAM, TRIED_WATCHERS, type EngineSurvey } from './survey-engine.ts'

describe('given the program that looks', () => {
  const look = async (...command: [string, ...string[]]): Promise<EngineSurvey> => {
    const [program, ...words] = command
    return parseSurvey((await promisify(execFile)(program, [...words, process.execPath, '-e', SURVEY_PROGRAM])).stdout)
  }

  it('when it is run here, then it tells this machine’s limits', async () => {
    const survey = await look('env')
    expect(survey.inotifyInstances).toBeGreaterThan(0)
    expect(survey.keys?.limit).toBeGreaterThan(0)
    expect(survey.processes).toBeGreaterThan(0)
    expect(Math.abs(survey.timeMs - Date.now())).toBeLessThan(60_000)
  })

  it('when a user has all watchers in use, then it finds none for that user', async () => {
    const user = ['--reuid', '54321', '--clear-groups']
    const hold = `
      const { Worker } = require('node:worker_threads')
      const watch = "require('node:fs').watch('/tmp'); require('node:worker_threads').parentPort.postMessage(1)"
      let open = 0
      const more = () => {
        const worker = new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } })
        worker.once('message', () => (++open, more()))
        worker.once('error', () => console.log(open))
      }
      more()`
    const holder = spawn('setpriv', [...user, process.execPath, '-e', hold], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await new Promise((resolve) => holder.stdout.once('data', resolve))
      const survey = await look('setpriv', ...user)
      expect(survey.openedWatchers).toBeLessThan(TRIED_WATCHERS)
      const info = parseEngineInfo({})
      expect(judgeSurvey(survey, info, 0).map(({ finding }) => finding)).toContain('watchers-used-up')
    } finally {
      holder.kill()
    }
  }, 60_000)
})
