/** Which lines of two transcripts are not in both, with their order (a longest common subsequence). */
interface TranscriptDifference {
  recorded: string[]
  ours: string[]
}

export function compareTranscripts(recorded: readonly string[], ours: readonly string[]): TranscriptDifference {
  const lengths = commonLengths(recorded, ours)
  const difference: TranscriptDifference = { recorded: [], ours: [] }
  let [left, right] = [0, 0]
  while (left < recorded.length || right < ours.length) {
    const [before, now] = [recorded[left], ours[right]]
    if (before !== undefined && before === now) {
      left += 1
      right += 1
    } else if (now === undefined || lengthAt(lengths, left + 1, right) >= lengthAt(lengths, left, right + 1)) {
      if (before === undefined) difference.ours.push(ours[right++] ?? '')
      else difference.recorded.push(recorded[left++] ?? '')
    } else difference.ours.push(ours[right++] ?? '')
  }
  return difference
}

function lengthAt(lengths: readonly (readonly number[])[], left: number, right: number): number {
  return lengths[left]?.[right] ?? -1
}

/** `[i][j]`: how many lines the rests from `i` and from `j` have in common. */
function commonLengths(one: readonly string[], other: readonly string[]): number[][] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0))
  for (let left = one.length - 1; left >= 0; left -= 1)
    for (let right = other.length - 1; right >= 0; right -= 1) {
      const row = lengths[left]
      if (row === undefined) continue
      row[right] =
        one[left] === other[right]
          ? lengthAt(lengths, left + 1, right + 1) + 1
          : Math.max(lengthAt(lengths, left + 1, right), lengthAt(lengths, left, right + 1))
    }
  return lengths
}
