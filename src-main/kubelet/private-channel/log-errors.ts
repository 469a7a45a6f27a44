/** Why a container has no log to show, in the kubelet's words (facts 5.4). */
import { LabError } from '../../common/lab-error.ts'

export function podNotFound(pod: string): LabError {
  return new LabError({ kind: 'NotFound', message: `pod "${pod}" does not exist` })
}

export function containerNotFound(container: string, pod: string): LabError {
  return new LabError({ kind: 'NotFound', message: `container "${container}" not found in pod "${pod}"` })
}

export function previousContainerNotFound(container: string, pod: string): LabError {
  return new LabError({
    kind: 'BadRequest',
    message: `previous terminated container "${container}" in pod "${pod}" not found`,
  })
}

/** `reason` is the waiting state's: `ContainerCreating`, `PodInitializing`, `ErrImagePull`, ... */
export function containerWaiting(container: string, pod: string, reason: string): LabError {
  const prefix = `container "${container}" in pod "${pod}" is waiting to start`
  return new LabError({ kind: 'BadRequest', message: `${prefix}: ${describeWaiting(reason)}` })
}

/** It has ended and its log has been removed with it. */
export function containerTerminated(container: string, pod: string): LabError {
  return new LabError({ kind: 'BadRequest', message: `container "${container}" in pod "${pod}" is terminated` })
}

function describeWaiting(reason: string): string {
  if (reason === 'ErrImagePull') return `image can't be pulled`
  if (reason === 'ImagePullBackOff') return 'trying and failing to pull image'
  return reason
}
