/** Recordings that no case is compared with, and why. */
export const NOT_COMPARED: Readonly<Record<string, string>> = {
  '01-version-cold': 'versions are all it tells',
  '14-get-pods-yaml': 'it is cut off; 10-get-pod-json is the same pod',
  '23-get-nodes-wide': 'system and kernel are those of the machine',
  '24-get-events': 'names of pods that no lab has, in an order that only their race decided',
  '25-get-events-allns': 'as 24-get-events, and cut off',
  '26-events-command': 'as 24-get-events',
  '33-describe-node': 'figures and ids of the machine',
  '38-logs-ds': 'of pods that became ready in the same second kubectl takes any',
  '39-logs-selector': 'pods that became ready in the same second are in any order',
  '74-api-resources': 'it is cut off; most of it is kinds that are not served',
}
