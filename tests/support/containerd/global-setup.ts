/** Says what of the tests is not run on this machine, where they would be. */
import { findContainerdObstacle } from './containerd-obstacle.ts'

export default function globalSetup(): void {
  const obstacle = findContainerdObstacle()
  if (obstacle !== undefined)
    console.log(
      `Nothing is run on a real containerd here, the CRI conformance cases included: it is made as an engine of our own is, and ${obstacle}.`,
    )
}
