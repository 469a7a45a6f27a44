/** Links into the app. */
export const links = {
  links: {
    opening: 'Opening the link…',
    unknownTitle: 'This link leads nowhere',
    unknownBody:
      'Node Lab has no page for “{text}”. A link can open a lab, its timeline, a node or a pod, and nothing else.',
    noLab: 'There is no lab “{lab}”',
    noLabBody: 'It may have been deleted, or the link was made on another machine.',
    noNode: 'There is no node “{node}” in the lab “{lab}”',
    noNodeBody: 'It may have been removed.',
    noPod: 'There is no pod “{pod}”',
    noPodBody: 'No kubelet of the lab “{lab}” has it now. When it comes, this page opens it.',
    toBoard: 'To the board',
  },
}
