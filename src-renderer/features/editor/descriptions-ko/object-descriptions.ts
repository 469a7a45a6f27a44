/** Korean descriptions of the top of a manifest, of its metadata, and of what names or selects other objects. */
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'

export const OBJECT_DESCRIPTIONS: TypeDescriptions = {
  Pod: {
    '': '한 노드에서 함께 실행되며 네트워크 주소와 볼륨을 나누어 쓰는 컨테이너 묶음입니다.',
    apiVersion: '이 오브젝트를 적는 API의 버전입니다. Pod는 v1입니다.',
    kind: '오브젝트의 종류입니다. kubelet은 Pod만 실행합니다.',
    metadata: '이름, 네임스페이스, 레이블처럼 모든 오브젝트에 있는 정보입니다.',
    spec: '파드가 어떠해야 하는지, 곧 바라는 상태입니다.',
    status: '파드의 지금 상태입니다. 사람이 쓰지 않고 kubelet과 컨트롤러가 씁니다.',
  },
  ObjectMeta: {
    '': '모든 오브젝트에 있는 정보입니다.',
    name: '오브젝트의 이름입니다. 같은 네임스페이스의 같은 종류에서 하나뿐이며 나중에 바꿀 수 없습니다.',
    generateName: '이름의 앞부분입니다. name이 없으면 API 서버가 뒤에 다섯 글자를 붙여 이름을 만듭니다.',
    namespace: '오브젝트가 속한 네임스페이스입니다. 네임스페이스가 없는 종류에는 쓰지 않습니다.',
    selfLink: '이제는 쓰이지 않습니다.',
    uid: '오브젝트의 고유 번호입니다. 지웠다가 같은 이름으로 다시 만들면 UID가 달라집니다.',
    resourceVersion: '오브젝트를 쓸 때마다 바뀌는 값입니다. 옛 값을 들고 고치려 하면 거절됩니다.',
    generation: '바라는 상태(spec)가 바뀐 횟수입니다.',
    creationTimestamp: '오브젝트가 만들어진 때입니다.',
    deletionTimestamp: '오브젝트가 없어질 때입니다. 삭제를 요청하면 정해지고 되돌릴 수 없습니다.',
    deletionGracePeriodSeconds: '삭제를 요청한 때부터 deletionTimestamp까지의 시간(초)입니다.',
    labels: '오브젝트를 고르고 묶는 데 쓰는 이름과 값입니다.',
    annotations: '사람이나 프로그램을 위해 적어 두는 이름과 값입니다. 이것으로 오브젝트를 고를 수는 없습니다.',
    ownerReferences: '이 오브젝트를 소유한 오브젝트들입니다. 모두 없어지면 이 오브젝트도 없어집니다.',
    finalizers: '오브젝트가 없어지기 전에 끝내야 할 일의 이름입니다. 남아 있는 동안에는 없어지지 않습니다.',
    managedFields: '어느 필드를 누가 썼는지에 대한 기록입니다. kubectl에서는 --show-managed-fields로 봅니다.',
  },
  OwnerReference: {
    '': '이 오브젝트를 소유한 오브젝트입니다.',
    apiVersion: '소유자의 API 그룹과 버전입니다.',
    kind: '소유자의 종류입니다.',
    name: '소유자의 이름입니다.',
    uid: '소유자의 UID입니다.',
    controller: '이 소유자가 오브젝트를 관리하는 컨트롤러인지를 나타냅니다. 그런 소유자는 하나뿐입니다.',
    blockOwnerDeletion: 'true이면, 소유자를 foreground 방식으로 지울 때 이 오브젝트가 없어지기를 먼저 기다립니다.',
  },
  LocalObjectReference: {
    '': '같은 네임스페이스에 있는 오브젝트를 가리킵니다.',
    name: '같은 네임스페이스에 있는 오브젝트의 이름입니다.',
  },
  LabelSelector: {
    '': '레이블로 오브젝트를 고르는 조건입니다. 적은 조건이 모두 맞아야 합니다.',
    matchLabels: '있어야 할 레이블과 그 값입니다.',
    matchExpressions: '레이블에 대한 조건식입니다.',
  },
  LabelSelectorRequirement: {
    '': '레이블 하나에 대한 조건식입니다.',
    key: '레이블의 이름입니다.',
    operator: '비교하는 방법입니다: In, NotIn, Exists, DoesNotExist.',
    values: 'In과 NotIn에서 견줄 값들입니다.',
  },
}
