/** Many of the same request, few at first: what fails for all of them is not tried for all (facts 6.4.2). */

/**
 * Calls `act` for 0 … count − 1 in batches of 1, 2, 4 …, each at once. After a batch with a failure no further one begins.
 *
 * @returns how many succeeded, and the first failure
 */
export async function slowStartBatch(
  count: number,
  act: (index: number) => Promise<void>,
): Promise<{ succeeded: number; error: unknown }> {
  let succeeded = 0
  for (let done = 0, size = 1; done < count; done += size, size *= 2) {
    const batch = Array.from({ length: Math.min(size, count - done) }, (_, offset) => act(done + offset))
    const results = await Promise.allSettled(batch)
    const failed = results.filter((result) => result.status === 'rejected')
    succeeded += results.length - failed.length
    if (failed[0] !== undefined) return { succeeded, error: failed[0].reason }
  }
  return { succeeded, error: undefined }
}
