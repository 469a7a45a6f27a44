/** 랩 목록과, 랩 전체를 다루는 일. */
import type { Messages } from '../en.ts'

export const labs: Pick<Messages, 'labs' | 'repair'> = {
  labs: {
    title: '랩',
    description:
      '랩마다 노드, 매니페스트, 주소, 타임라인이 따로 있습니다. 여러 랩을 함께 실행할 수 있고, 멈춘 랩은 모든 것을 그대로 간직합니다.',
    make: '새 랩',
    import: '랩 가져오기…',
    noneTitle: '아직 랩이 없습니다',
    noneBody: '새로 만들거나, 랩 파일을 가져오세요.',
    dropHint: '랩 파일(.lab.tar.gz)은 이 창 어디에나 끌어다 놓을 수 있습니다.',
    shown: '보드에 표시 중',
    withControlPlane: '컨트롤 플레인 있음',
    start: '시작',
    stop: '멈추기',
    actionsOf: '랩 {lab}에 대한 작업',
    rename: '이름 바꾸기…',
    clone: '복제…',
    export: '파일로 내보내기',
    all: '모든 랩…',
    newName: '새 이름',
    nameProblem: {
      taken: '랩 “{name}”이(가) 이미 있습니다.',
      form: '소문자, 숫자, “-”로 40자까지 쓸 수 있고, 글자나 숫자로 시작하고 끝나야 합니다.',
    },
    renameTitle: '랩 “{lab}”의 이름 바꾸기',
    renameBody:
      '매니페스트, 노드의 디스크, 타임라인, 재시작 횟수는 그대로 남습니다. 컨테이너는 다음 시작 때 새로 만들어집니다.',
    renameRunning: '랩이 실행 중입니다. 이를 위해 멈췄다가 다시 시작하며, 파드는 새로 시작합니다.',
    renameDo: '이름 바꾸기',
    renameStopDo: '멈추고, 이름을 바꾸고, 시작',
    renamed: '랩 “{lab}”의 이름이 이제 “{name}”입니다',
    cloneTitle: '랩 “{lab}” 복제',
    cloneBody:
      '노드, 노드 설정, 매니페스트가 같은 랩을 하나 더 만듭니다. 파드가 쓴 내용, 인증서, 타임라인은 복사하지 않습니다.',
    cloneDo: '복제',
    cloned: '“{lab}”과(와) 같은 랩 “{name}”을(를) 만들었습니다',
    startIt: '바로 시작',
    importTitle: '랩 가져오기',
    importBody: '누군가 내보낸 파일에서 가져옵니다. 시작하기 전에는 아무것도 실행되지 않습니다.',
    importTrust:
      '파일 안의 매니페스트와 노드 설정은 그것을 만든 사람의 프로그램입니다. 랩의 노드 안에서, 직접 만든 것과 같은 안전 규칙에 따라 실행됩니다.',
    file: '파일',
    chooseFile: '파일 선택…',
    fileHint: '파일을 선택하거나 경로를 적으세요.',
    chosen: '선택한 파일: {name}',
    importName: '이름 (비워 두면 파일에 적힌 이름)',
    importDo: '가져오기',
    importing: '가져오는 중…',
    imported: '랩 “{lab}”을(를) 가져왔습니다',
    notRunning:
      '멈춰 있으며 매니페스트가 없습니다. | 멈춰 있으며, 매니페스트 1개가 시작을 기다립니다. | 멈춰 있으며, 매니페스트 {count}개가 시작을 기다립니다.',
    missingImages: ' | 여기에 없어서 받아 와야 하는 이미지: {images}. | 여기에 없어서 받아 와야 하는 이미지: {images}.',
    exported: '랩 “{lab}”을(를) 내보냈습니다',
    saved: '{path}(으)로 저장했습니다.',
    downloaded: '{name}(으)로 내려받았습니다.',
    needs: '필요하지만 파일에 들어 있지 않은 이미지: {images}.',
    leftOut: '넣지 않은 것: {files}.',
    why: { secret: '비밀 정보', 'too-large': '너무 큼', 'not-a-file': '일반 파일이 아님' },
    tooLarge: '8MiB보다 큽니다. 내보낸 랩 파일은 그렇게 크지 않습니다.',
    failed: {
      rename: '랩 {lab}의 이름을 바꾸지 못했습니다',
      clone: '랩 {lab}을(를) 복제하지 못했습니다',
      export: '랩 {lab}을(를) 내보내지 못했습니다',
      import: '파일을 가져오지 못했습니다',
    },
  },
  repair: {
    title: '랩 {lab}에서 사라진 부분을 새로 만들었습니다',
    volume:
      '{node}의 디스크가 사라졌습니다. 로그, 저널, 설정, 옮긴 매니페스트 폴더, 파드의 데이터는 되살리지 못했습니다.',
    containers: '{node}의 컨테이너를 새로 만들었습니다. 디스크는 그대로입니다.',
    manifests:
      '{node}의 매니페스트 폴더가 사라져 이제 비어 있습니다. 남아 있는 파일 버전이 없습니다. | {node}의 매니페스트 폴더가 사라져 이제 비어 있습니다. 파일 1개의 버전을 기록에서 되살릴 수 있습니다. | {node}의 매니페스트 폴더가 사라져 이제 비어 있습니다. 파일 {count}개의 버전을 기록에서 되살릴 수 있습니다.',
    network: '네트워크를 같은 주소로 새로 만들었습니다.',
    images: 'Node Lab의 이미지를 다시 불러왔습니다.',
    image: '이미지 {image}이(가) 더는 없으며, Node Lab이 제공하지 않는 이미지입니다.',
    authorities: '클러스터의 인증서가 사라져 새로 만들었습니다. 이전 kubeconfig와 토큰은 더는 쓸 수 없습니다.',
    labFile: {
      none: 'lab.yaml이 사라져, 찾아낸 노드로 새로 썼습니다: {nodes}.',
      kept: 'lab.yaml이 사라져, 찾아낸 노드와 컨트롤 플레인으로 새로 썼습니다: {nodes}.',
      lost: 'lab.yaml이 사라져, 찾아낸 노드로 새로 썼습니다: {nodes}. 컨트롤 플레인은 되살리지 못했습니다.',
    },
  },
}
