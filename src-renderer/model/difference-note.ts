/** Why a field of a pod is not the same on its node and in the API server, where that is known (facts 4.2, 4.3). Pure. */

export const DIFFERENCE_NOTES = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletion',
  'ownerReferences',
  'generation',
  'configHash',
  'configMirror',
  'configSeen',
  'configSource',
  'admission',
  'tolerations',
  'status',
] as const
export type DifferenceNote = (typeof DIFFERENCE_NOTES)[number]

const NOTES: readonly (readonly [RegExp, DifferenceNote])[] = [
  [/^metadata\.uid$/, 'uid'],
  [/^metadata\.resourceVersion$/, 'resourceVersion'],
  [/^metadata\.creationTimestamp$/, 'creationTimestamp'],
  [/^metadata\.deletion/, 'deletion'],
  [/^metadata\.ownerReferences(?:$|\[)/, 'ownerReferences'],
  [/^(?:metadata\.generation|status\.observedGeneration)$/, 'generation'],
  [/^metadata\.annotations\.kubernetes\.io\/config\.hash$/, 'configHash'],
  [/^metadata\.annotations\.kubernetes\.io\/config\.mirror$/, 'configMirror'],
  [/^metadata\.annotations\.kubernetes\.io\/config\.seen$/, 'configSeen'],
  [/^metadata\.annotations\.kubernetes\.io\/config\.source$/, 'configSource'],
  [
    /^spec\.(?:priority|preemptionPolicy|serviceAccount|serviceAccountName|priorityClassName|automount\w+)$/,
    'admission',
  ],
  [/^spec\.tolerations(?:$|\[)/, 'tolerations'],
  [/^status(?:$|\.)/, 'status'],
]

export function explainDifference(path: string): DifferenceNote | undefined {
  return NOTES.find(([pattern]) => pattern.test(path))?.[1]
}

/** Book-keeping of the server that says nothing about the pod, and times of probing that are always `null`. */
export function isNoise(path: string): boolean {
  return path === 'metadata.managedFields' || path === 'metadata.selfLink' || path.endsWith('.lastProbeTime')
}
