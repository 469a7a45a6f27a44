/** The timeline. */
import type { Messages } from '../en.ts'

export const timeline: Pick<Messages, 'timeline'> = {
  timeline: {
    title: '타임라인',
    description: '이 랩의 kubelet이 하고 본 모든 일, 최근 것부터.',
    node: '노드',
    pod: '파드',
    type: '항목 종류',
    search: '찾기',
    allNodes: '모든 노드',
    allPods: '모든 파드',
    allTypes: '전체',
    normal: '보통',
    warning: '경고',
    empty: '아직 아무 일도 없었습니다.',
    emptyFiltered: '이 조건에 맞는 것이 없습니다.',
    count: '항목 없음 | 항목 1개 | 항목 {count}개',
    more: '{count}개 더 보기',
    clear: '조건 지우기',
  },
}
