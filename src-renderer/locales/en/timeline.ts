/** The timeline. */
export const timeline = {
  timeline: {
    title: 'Timeline',
    description: 'Everything that the kubelets of this lab did and saw, newest first.',
    node: 'Node',
    pod: 'Pod',
    type: 'Kind of entry',
    search: 'Search',
    allNodes: 'All nodes',
    allPods: 'All pods',
    allTypes: 'All',
    normal: 'Normal',
    warning: 'Warnings',
    empty: 'Nothing has happened yet.',
    emptyFiltered: 'Nothing matches these filters.',
    count: 'no entries | 1 entry | {count} entries',
    more: 'Show {count} more',
    clear: 'Clear the filters',
  },
}
