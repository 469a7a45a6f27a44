/** The recorded cases on the real engine. */
import { registerEngineCases } from './register-engine-cases.ts'

registerEngineCases('engine', 90)
