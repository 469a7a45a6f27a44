/** `npm run build`: the app and the programs of the nodes, into `out/`. What is up to date is not built again. */
import { buildApp } from './support/build-app.ts'
import { buildNodePrograms } from './build-node-programs.ts'
import { reportFailure } from './support/report-failure.ts'

try {
  const onProgress = (step: { message: string }): void => console.log(step.message)
  await buildNodePrograms({ onProgress })
  await buildApp(onProgress)
} catch (error) {
  process.exitCode = reportFailure(error)
}
