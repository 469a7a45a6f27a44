/** 앱으로 들어오는 링크. */
import type { Messages } from '../en.ts'

export const links: Pick<Messages, 'links'> = {
  links: {
    opening: '링크를 여는 중입니다…',
    unknownTitle: '이 링크로 열 수 있는 것이 없습니다',
    unknownBody:
      'Node Lab에는 “{text}”에 해당하는 화면이 없습니다. 링크로는 랩, 타임라인, 노드, 파드만 열 수 있습니다.',
    noLab: '“{lab}” 랩이 없습니다',
    noLabBody: '이미 삭제되었거나, 다른 컴퓨터에서 만든 링크일 수 있습니다.',
    noNode: '“{lab}” 랩에 “{node}” 노드가 없습니다',
    noNodeBody: '이미 제거되었을 수 있습니다.',
    noPod: '“{pod}” 파드가 없습니다',
    noPodBody: '지금 “{lab}” 랩의 어느 kubelet에도 이 파드가 없습니다. 파드가 생기면 이 화면에서 바로 열립니다.',
    toBoard: '보드로 가기',
  },
}
