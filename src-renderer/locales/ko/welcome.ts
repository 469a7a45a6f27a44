/** 처음 실행할 때 나오는 화면. */
import type { Messages } from '../en.ts'

export const welcome: Pick<Messages, 'welcome'> = {
  welcome: {
    title: 'Node Lab',
    command: '첫걸음',
    what: '쿠버네티스 노드에는 kubelet이 있고, kubelet은 한 폴더에 놓인 매니페스트의 파드를 모두 실행합니다.',
    how: 'Node Lab은 그런 노드를 이 컴퓨터에 만들어 줍니다. 폴더에 파일을 넣고 빼고, 도는 것을 죽여 보면서 kubelet이 무엇을 하는지 살펴보세요.',
    safe: '여기서 하는 일은 실제 클러스터에 닿지 않으며, 모두 다시 지울 수 있습니다.',
    picture: '매니페스트 파일을 kubelet이 폴더에서 읽어 파드를 실행하고, 파드가 끝나면 다시 시작합니다.',
    pictureFile: '매니페스트',
    pictureKubelet: 'kubelet',
    picturePod: '파드',
    pictureReads: '읽기',
    pictureRuns: '실행',
    pictureAgain: '끝나면 다시 시작',
    engine: {
      title: 'Docker',
      checking: 'Docker 엔진을 찾는 중입니다…',
      ready: '{name} {version} 준비됨',
      unreachable: '응답하는 Docker 엔진이 없습니다.',
      unsuitable: '이 Docker 엔진으로는 Node Lab을 실행할 수 없습니다.',
      waits: '더 누를 것은 없습니다. 엔진이 응답하면 이 화면은 저절로 이어집니다.',
      remedies: '해결 방법',
      start:
        'Docker가 설치되어 있으면 시작하세요. Docker Desktop은 프로그램 목록에서, 리눅스에서는 “sudo systemctl start docker”로 시작합니다.',
      permission:
        '리눅스에서는 사용자에게 권한이 없을 수도 있습니다. “sudo usermod -aG docker $USER”를 실행한 다음 로그아웃했다가 다시 로그인하세요.',
      install: '설치되어 있지 않으면 Docker Engine이나 Docker Desktop을 설치하세요.',
      host: '다른 곳에 있는 엔진은 Node Lab을 시작하기 전에 DOCKER_HOST로 알려 주세요.',
      update: '엔진을 새 버전으로 바꾸거나, DOCKER_HOST로 다른 엔진을 알려 주세요.',
    },
    choose: '무엇으로 시작할까요?',
    preset: {
      'one-node': {
        title: '노드 하나',
        body: 'API 서버 없이 kubelet만 있습니다. 스태틱 파드가 도는 모습을 보는 가장 빠른 길입니다.',
        nodes: 'node01',
      },
      'two-nodes': {
        title: '노드 둘',
        body: '서로를 모르는 kubelet이 둘 있습니다. 파일을 옮기면 파드도 따라 옮겨 갑니다.',
        nodes: 'node01 · node02',
      },
      kubeadm: {
        title: 'kubeadm 방식의 클러스터',
        body: '스태틱 파드로 된 컨트롤 플레인과 여기에 참여하는 워커 둘이 있습니다. 미러 파드, kubectl, 데몬셋을 볼 수 있습니다.',
        nodes: 'controlplane · node01 · node02',
      },
    },
    recommended: '처음이라면',
    needsEngine: 'Docker를 기다립니다.',
    making: '랩을 만들고 있습니다. 처음에는 노드 이미지를 이 컴퓨터에서 만드느라 1분쯤 걸립니다.',
    cancel: '취소',
    haveName: '랩 “{lab}”이 있습니다. 새로 고른 것은 그 옆에 “{name}”이라는 이름으로 만듭니다.',
    toBoard: '보드로 가기',
    later: '먼저 둘러보기',
    first: {
      title: '첫 파드',
      body: '아래 선반의 web.yaml을 노드에 끌어다 놓거나, 지금 넣어 달라고 하세요. 그리고 지켜보세요. 읽기, 수락, 실행 순서로 진행됩니다.',
      do: '{node}에 web.yaml 넣기',
      dismiss: '직접 해 보겠습니다',
    },
  },
}
