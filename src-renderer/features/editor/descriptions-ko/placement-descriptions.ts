/** Korean descriptions of where pods go: affinity, tolerations, spreading. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

/** All three kinds of affinity are made of these two lists. */
const RULES = {
  requiredDuringSchedulingIgnoredDuringExecution:
    '배치할 때 꼭 지켜야 하는 규칙입니다. 이미 도는 파드는 규칙에 어긋나게 되어도 옮기지 않습니다.',
  preferredDuringSchedulingIgnoredDuringExecution:
    '되도록 지킬 규칙입니다. 맞는 규칙의 가중치를 더해 가장 큰 곳을 고릅니다.',
}
const WEIGHT = '규칙의 가중치입니다(1~100). 클수록 중요합니다.'
const TOPOLOGY_KEY = '노드의 레이블 이름입니다. 값이 같은 노드들을 한 곳으로 봅니다. 예: kubernetes.io/hostname.'

export const PLACEMENT_DESCRIPTIONS: TypeDescriptions = {
  Affinity: {
    '': '파드를 어디에서 실행할지에 대한 규칙입니다.',
    nodeAffinity: '노드에 대한 규칙입니다.',
    podAffinity: '어떤 파드의 가까이에 둘지에 대한 규칙입니다.',
    podAntiAffinity: '어떤 파드와 떨어뜨려 둘지에 대한 규칙입니다.',
  },
  NodeAffinity: { '': '어느 노드에 둘지에 대한 규칙입니다.', ...RULES },
  PodAffinity: { '': '다른 파드의 가까이에 두는 규칙입니다.', ...RULES },
  PodAntiAffinity: { '': '다른 파드와 떨어뜨려 두는 규칙입니다.', ...RULES },
  NodeSelector: {
    '': '노드를 고르는 조건입니다.',
    nodeSelectorTerms: '조건들입니다. 이 가운데 하나만 맞아도 됩니다.',
  },
  NodeSelectorTerm: {
    '': '노드에 대한 조건입니다. 안에 적은 것이 모두 맞아야 합니다.',
    matchExpressions: '노드의 레이블에 대한 조건식입니다.',
    matchFields: '노드의 필드에 대한 조건식입니다. metadata.name만 쓸 수 있습니다.',
  },
  NodeSelectorRequirement: {
    '': '노드의 레이블이나 필드 하나에 대한 조건식입니다.',
    key: '레이블이나 필드의 이름입니다.',
    operator: '비교하는 방법입니다: In, NotIn, Exists, DoesNotExist, Gt, Lt.',
    values: '견줄 값들입니다.',
  },
  PreferredSchedulingTerm: {
    '': '되도록 지킬 노드 규칙과 그 가중치입니다.',
    weight: WEIGHT,
    preference: '노드에 대한 조건입니다.',
  },
  PodAffinityTerm: {
    '': '어떤 파드를 보는지, 그리고 어디까지를 한 곳으로 보는지 정합니다.',
    labelSelector: '살펴볼 파드의 레이블 조건입니다.',
    namespaces: '살펴볼 파드의 네임스페이스입니다. 없으면 이 파드의 네임스페이스만 봅니다.',
    namespaceSelector: '살펴볼 네임스페이스의 레이블 조건입니다.',
    topologyKey: TOPOLOGY_KEY,
    matchLabelKeys: '이 파드와 값이 같아야 하는 레이블의 이름들입니다.',
    mismatchLabelKeys: '이 파드와 값이 달라야 하는 레이블의 이름들입니다.',
  },
  WeightedPodAffinityTerm: {
    '': '되도록 지킬 파드 규칙과 그 가중치입니다.',
    weight: WEIGHT,
    podAffinityTerm: '파드에 대한 규칙입니다.',
  },
  Toleration: {
    '': '파드가 견디는 테인트의 종류입니다. 테인트가 있는 노드에도 파드를 둘 수 있게 합니다.',
    key: '테인트의 키입니다. 비어 있고 operator가 Exists이면 모든 테인트에 맞습니다.',
    operator: 'Equal(기본값)은 값까지 같아야 하고, Exists는 값을 보지 않습니다.',
    value: '테인트의 값입니다.',
    effect: '테인트의 효과입니다: NoSchedule, PreferNoSchedule, NoExecute. 비어 있으면 모든 효과에 맞습니다.',
    tolerationSeconds: 'NoExecute 테인트가 생긴 뒤에도 파드가 머무는 시간(초)입니다. 없으면 계속 머뭅니다.',
  },
  TopologySpreadConstraint: {
    '': '파드들을 여러 곳에 얼마나 고르게 퍼뜨릴지에 대한 규칙입니다.',
    maxSkew: '파드가 많은 곳과 적은 곳이 몇 개까지 차이 나도 되는지입니다.',
    topologyKey: TOPOLOGY_KEY,
    whenUnsatisfiable:
      '규칙을 지킬 수 없을 때 할 일입니다. DoNotSchedule은 배치하지 않고 기다리고, ScheduleAnyway는 그래도 배치합니다.',
    labelSelector: '셀 파드의 레이블 조건입니다.',
    minDomains: '적어도 이만큼의 곳이 있어야 한다고 봅니다.',
    nodeAffinityPolicy:
      '파드의 nodeSelector와 nodeAffinity에 맞지 않는 노드도 셀지 정합니다. Honor는 빼고 Ignore는 셉니다.',
    nodeTaintsPolicy: '파드가 견디지 못하는 테인트가 있는 노드도 셀지 정합니다. Honor는 빼고 Ignore는 셉니다.',
    matchLabelKeys: '셀 파드를 고를 때, 이 파드와 값이 같아야 하는 레이블의 이름들입니다.',
  },
}
