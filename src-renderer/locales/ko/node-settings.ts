/** 노드 하나의 설정 창. */
import type { Messages } from '../en.ts'

export const nodeSettings: Pick<Messages, 'nodeSettings'> = {
  nodeSettings: {
    menu: '설정…',
    command: '{node} 설정',
    title: '{node} 설정',
    description: '노드의 kubelet이 시작할 때 읽는 두 파일에 있는 줄입니다. 노드의 셸에서 직접 써도 됩니다.',
    reading: '{node}의 파일을 읽는 중…',
    name: {
      maxPods: '최대 파드 수',
      staticPodPath: '스태틱 파드 경로',
      systemReserved: '시스템 예약',
      taints: '테인트',
      labels: '레이블',
    },
    about: {
      maxPods: 'kubelet이 실행하는 파드의 최대 개수입니다.',
      staticPodPath: '스태틱 파드를 읽어 오는 폴더 또는 파일 하나입니다.',
      systemReserved: '시스템 몫으로 남겨 두어 파드가 요청할 수 없는 양입니다.',
      taints: 'Node 오브젝트를 등록할 때 붙입니다. 톨러레이션이 없는 파드는 오지 않습니다.',
      labels: '모든 노드에 있는 레이블 말고, Node 오브젝트를 등록할 때 더 붙이는 레이블입니다.',
    },
    default: '기본값: {value}',
    defaultOf: {
      maxPods: '110',
      staticPodPath: '없음(스태틱 파드를 읽지 않음)',
      systemReserved: '없음',
      taints: '없음',
      labels: '따로 없음',
    },
    before: '파일의 값: {value}',
    notInFile: '파일에 없음',
    example: '예: {value}',
    reset: '기본값으로',
    resetOf: '{name}: 기본값으로',
    putBack: '되돌리기',
    putBackOf: '{name}: 되돌리기',
    usual: 'kubeadm처럼',
    overridden: 'kubelet이 {flag} 플래그로 시작되었습니다. 플래그가 우선하므로 여기 적힌 값은 쓰이지 않습니다.',
    fault: {
      maxPods: '0부터 99999까지의 정수를 쓰세요.',
      staticPodPath: '{example}처럼 노드의 절대 경로를 쓰세요.',
      reservedResource: '“{resource}”은(는) 예약할 수 없습니다. 예약할 수 있는 것은 {known}이며, 이름=양으로 씁니다.',
      reservedAmount: '“{amount}”은(는) 양이 아닙니다. 100m이나 64Mi처럼 쓰세요.',
      taints: '키=값:효과로 쓰고, 여러 개는 쉼표로 나눕니다. 효과: {effects}.',
      label: '“{label}”은(는) 레이블이 될 수 없습니다: {detail}',
    },
    effect: {
      maxPodsZero: '0은 정하지 않은 것과 같아서 110이 됩니다.',
      admission:
        'kubelet이 시작하면 모든 파드를 다시 심사합니다. 더는 들어갈 자리가 없는 파드는 거절되고 컨테이너가 끝납니다.',
      admissionOfMore: 'kubelet이 시작하면, 자리가 없던 파드까지 모든 파드를 다시 심사합니다.',
      folderRead: '노드의 {folder}에 있는 것이 실행됩니다. 없는 폴더는 나중에 만들어도 됩니다.',
      folderNone: 'kubelet이 어떤 폴더도 읽지 않습니다. 이 노드에 끌어다 놓은 파일은 아무 일도 하지 않습니다.',
      folderLeft: '{folder}에서 온 파드가 끝납니다. 파일은 그 자리에 남습니다.',
      folderLeftWithControlPlane:
        '{folder}에서 온 파드가 끝납니다. 이 노드에서는 API 서버를 비롯한 컨트롤 플레인입니다. 파일은 그 자리에 남습니다.',
      reserved: '노드의 Allocatable이 그만큼 줄어듭니다. 계산에만 쓰이고, 실행 중인 컨테이너를 막지는 않습니다.',
      reservedNone: '노드의 Allocatable이 그만큼 늘어납니다.',
      taintsAlone: '지금은 아무 일도 없습니다. API 서버가 없으면 테인트를 붙일 Node 오브젝트도 없습니다.',
      taintsRegistered:
        '노드가 등록될 때만 쓰입니다. 이미 있는 Node 오브젝트의 테인트는 그대로이며, kubectl taint nodes {node} … 로 바꿉니다.',
      labelsAlone:
        'kubelet이 파드마다 nodeSelector와 노드 어피니티에 비춰 봅니다. 더는 맞지 않는 파드는 거절되고 컨테이너가 끝납니다.',
      labelsRegistered:
        '노드가 등록될 때만 쓰입니다. 이미 있는 Node 오브젝트의 레이블은 그대로이고 kubelet도 그것을 따르며, kubectl label nodes {node} … 로 바꿉니다.',
    },
    summary: {
      unchanged: '아직 바꾼 것이 없습니다.',
      faulty: '표시된 곳을 먼저 고치세요.',
      ready: 'kubelet이 한 번 다시 시작합니다. 그동안 컨테이너는 계속 실행됩니다.',
      kubeletOff: 'kubelet을 시작합니다. 그동안 컨테이너는 계속 실행됩니다.',
    },
    apply: { ready: '적용하고 kubelet 다시 시작', kubeletOff: '적용하고 kubelet 시작' },
    applied: '{node} 설정을 바꿨습니다: {names}',
    appliedDetail: 'kubelet이 새 설정으로 실행 중입니다.',
    failed: '{node} 설정을 바꾸지 못했습니다',
    afterFailure: '입력란에는 지금 파일에 있는 값이 보입니다.',
    state: {
      off: '노드가 꺼져 있습니다. 파일을 읽을 수는 있지만, 켜기 전에는 바꿀 수 없습니다.',
      changing: '노드가 켜지거나 꺼지는 중입니다. 실행되면 설정을 바꿀 수 있습니다.',
      kubeletOff: 'kubelet이 돌지 않습니다. 바꾼 내용을 쓰고, 그 설정으로 kubelet을 시작합니다.',
      removed: '노드 {node}은(는) 파일과 함께 사라졌습니다.',
      noDisk: '{node}을(를) 시작한 적이 없어서 아직 디스크도 파일도 없습니다.',
      unread: '{node} 설정을 읽을 수 없습니다',
    },
    start: '{node} 켜기',
    startLab: '랩 시작',
    retry: '다시 읽기',
    shell: '{node}에서 셸 열기',
  },
}
