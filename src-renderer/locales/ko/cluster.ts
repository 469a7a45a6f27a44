/** What the API server has: mirrors, origins, objects, events. */
import type { Messages } from '../en.ts'

export const cluster: Pick<Messages, 'origin' | 'reflection' | 'mirror' | 'apiPod' | 'apiObject' | 'nodeObject'> = {
  origin: {
    title: '어디에서 왔나',
    madeBy: '만든 이',
    boundBy: '노드를 정한 이',
    evidence: '근거',
    noEvidence: '알려 주는 것이 없습니다.',
    maker: {
      kubelet: 'kubelet (파일에서)',
      hand: '사람이나 프로그램 (API 서버에서)',
      owner: '{kind} {name}',
    },
    binder: {
      kubelet: {
        who: 'kubelet',
        how: '스태틱 파드는 파일이 있는 노드에서 돕니다. kube-scheduler에는 미러 파드만, 곧 이미 노드가 정해진 파드로만 보입니다.',
      },
      'scheduler-pinned': {
        who: 'kube-scheduler',
        how: '데몬셋 컨트롤러가 노드 어피니티로 {node} 몫으로 만들었습니다. 스케줄러에게 다른 선택은 없었습니다(쿠버네티스 1.12부터).',
      },
      controller: {
        who: '데몬셋 컨트롤러',
        how: '쿠버네티스 1.11까지처럼 spec.nodeName을 직접 적었습니다. kube-scheduler는 이 파드를 다룬 적이 없습니다.',
      },
      scheduler: { who: 'kube-scheduler', how: '알맞은 노드 가운데서 골랐습니다: {node}' },
      given: {
        who: 'kube-scheduler, 또는 파드를 만든 이',
        how: '알려 줄 이벤트가 없거나 이미 지워졌습니다. 이벤트는 한 시간 동안 남습니다.',
      },
      waiting: { who: '아직 없음', how: 'kube-scheduler가 알맞은 노드를 찾지 못했거나 돌지 않습니다.' },
      'waiting-pinned': {
        who: '아직 없음',
        how: '어피니티에 적힌 노드 하나에서만 돌 수 있습니다. kube-scheduler가 아직 배정하지 않았거나 돌지 않습니다.',
      },
    },
  },
  reflection: {
    openMirror: '미러 파드 열기: {pod}',
    openPod: 'API의 파드 열기: {pod}',
    noFile: '알 수 없는 파일',
    byHand: '직접 만든 파드',
    unscheduled: '노드 미정',
    fromApi: '파일이 없습니다. API 서버에 있는 파드라서 kubelet이 실행합니다.',
  },
  mirror: {
    title: '미러 파드: 스태틱 파드가 비친 모습',
    lead: '{node}의 kubelet이 파일 {file}의 파드를 실행하면서, API 서버에는 이 오브젝트로 보여 줍니다.',
    leadNoFile: '{node}의 kubelet이 자기 매니페스트의 파드를 실행하면서, API 서버에는 이 오브젝트로 보여 줍니다.',
    body: '들여다보고, 로그를 읽고, 레이블로 고르는 것은 모두 됩니다. 하지만 무엇이 도는지는 파일이 정합니다. 이 오브젝트가 정하는 것은 없습니다.',
    delete: '삭제',
    edit: '편집',
    openFile: '파일 열기: {file}',
    away: 'API 서버가 응답하지 않는 동안에는 삭제할 수 없습니다.',
    editing: {
      title: '여기서 고쳐도 컨테이너는 바뀌지 않습니다',
      taken: '다른 파드와 마찬가지로 API 서버가 받아 주는 필드:',
      refused: '나머지는 거부합니다. 예를 들면:',
      effect:
        '받아 준 것은 미러 파드에 적힌 채로 남을 뿐, 아무 일도 일어나지 않습니다. {node}의 kubelet은 미러 파드가 아니라 파일을 읽기 때문입니다. 되돌려 놓지도 않으며, 파일을 고치면 그때 새 미러 파드가 생깁니다.',
      way: '바꾼 내용이 전해지는 길',
      container: 'kubelet → 컨테이너',
      mirror: '미러 파드',
    },
  },
  apiPod: {
    title: 'API 서버에서 만든 파드',
    body: 'API 서버에서 만들어져 {node}에 배정되었습니다. 이 오브젝트가 있는 동안 그 노드의 kubelet이 실행합니다.',
    unscheduled:
      'API 서버에서 만들어졌지만 아직 노드가 정해지지 않았습니다. 노드를 정하는 일은 kube-scheduler가 합니다.',
    delete: '삭제',
    fate: {
      none: '소유자가 없습니다. 삭제하면 다시 만들어 주는 이가 없습니다.',
      owner: '소유자는 {kind} {name}입니다. 삭제하면 kube-controller-manager가 도는 한 새 파드가 만들어집니다.',
      job: '소유자는 {kind} {name}입니다. 할 일이 끝나지 않았다면, 삭제한 뒤에 새 파드가 만들어집니다.',
    },
  },
  apiObject: {
    title: 'API 서버에 있는 내용',
    namespace: '네임스페이스',
    owner: '소유자',
    noOwner: '없음',
    resourceVersion: 'resourceVersion',
    age: '이 오브젝트의 나이',
    conditions: '컨디션',
    noConditions: '아직 보고된 것이 없습니다.',
    labels: '레이블',
    annotations: '어노테이션',
    none: '없음',
  },
  nodeObject: {
    label: 'API 서버가 아는 이 노드의 상태',
    none: 'API 서버: 등록되지 않음',
    ready: {
      True: 'API 서버: Ready',
      False: 'API 서버: NotReady',
      Unknown: 'API 서버: NotReady',
    },
    why: {
      True: '',
      False: 'kubelet이 준비되지 않았다고 알렸습니다. 새 파드는 오지 않습니다.',
      Unknown:
        'kubelet에서 오래 소식이 없어 노드 컨트롤러가 닿지 않는 노드로 봅니다. 파드는 목록에 그대로 있지만 준비되지 않은 것으로 나옵니다. 보통 파드는 톨러레이션이 끝나면(300초) 삭제되고, 데몬셋의 파드와 스태틱 파드는 남습니다.',
    },
    taint: {
      'not-ready': '노드가 준비되지 않은 동안 노드 컨트롤러가 붙입니다.',
      unreachable: 'kubelet에서 소식이 없는 동안 노드 컨트롤러가 붙입니다.',
      unschedulable: '코든된 노드에 노드 컨트롤러가 붙입니다. 데몬셋의 파드는 이를 견딥니다.',
      'control-plane': 'kubeadm이 붙입니다. 이를 견디는 파드만 컨트롤 플레인 옆에서 돌게 하려는 것입니다.',
      'memory-pressure': 'kubelet에 메모리가 모자랍니다.',
      'disk-pressure': 'kubelet에 디스크 공간이 모자랍니다.',
      'pid-pressure': 'kubelet에 프로세스 ID가 모자랍니다.',
    },
    listed: 'API 서버에 아직 남아 있는 이 노드의 파드',
    listedHint: '마지막으로 알려진 모습입니다. 지금도 그런지는 kubelet만 알 수 있습니다.',
    readyTitle: 'Node 오브젝트의 Ready 컨디션',
    cordoned: '새 파드를 받지 않음',
    cordonedTitle:
      'spec.unschedulable(kubectl cordon). 스태틱 파드는 이와 상관없고 데몬셋의 파드는 이를 견디므로, 둘 다 시작됩니다.',
    effect: {
      NoSchedule: '새 파드를 받지 않음',
      PreferNoSchedule: '새 파드가 되도록 피함',
      NoExecute: '파드를 내보냄',
    },
    lastKnown: '마지막으로 알려진 상태',
  },
}
