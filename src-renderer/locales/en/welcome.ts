/** The first-run page. */
export const welcome = {
  welcome: {
    title: 'Node Lab',
    command: 'First steps',
    what: 'A Kubernetes node is a machine with a kubelet, and a kubelet runs every Pod whose manifest lies in one folder.',
    how: 'Node Lab gives you such nodes on this computer: put a file into the folder, take it out, crash what runs, and watch what the kubelet does.',
    safe: 'Nothing here reaches a real cluster, and all of it can be deleted again.',
    picture:
      'A manifest file goes to the kubelet, which watches its folder; the kubelet runs the pod and starts it again when it ends.',
    pictureFile: 'manifest',
    pictureKubelet: 'kubelet',
    picturePod: 'pod',
    pictureReads: 'reads',
    pictureRuns: 'runs',
    pictureAgain: 'and starts it again',
    engine: {
      title: 'Docker',
      checking: 'Looking for a Docker engine…',
      ready: '{name} {version} is ready.',
      unreachable: 'No Docker engine answers.',
      unsuitable: 'This Docker engine cannot run Node Lab.',
      waits: 'Nothing else needs to be pressed: this page goes on by itself as soon as an engine answers.',
      remedies: 'What helps',
      start:
        'If Docker is installed, start it: Docker Desktop from your programs, on Linux “sudo systemctl start docker”.',
      permission:
        'On Linux your user may lack the right to use it: “sudo usermod -aG docker $USER”, then sign out and in again.',
      install: 'If there is none, install Docker Engine or Docker Desktop.',
      host: 'An engine elsewhere is found through DOCKER_HOST, set before Node Lab starts.',
      update: 'Update it, or let Node Lab use another one through DOCKER_HOST.',
    },
    choose: 'Begin with',
    preset: {
      'one-node': {
        title: 'One node',
        body: 'A kubelet by itself, without an API server: the shortest way to see a static pod live.',
        nodes: 'node01',
      },
      'two-nodes': {
        title: 'Two nodes',
        body: 'Two kubelets that know nothing of each other: move a file, and the pod moves with it.',
        nodes: 'node01 · node02',
      },
      kubeadm: {
        title: 'A cluster as kubeadm makes it',
        body: 'A control plane made of static pods, and two workers that join it: mirror pods, kubectl, DaemonSets.',
        nodes: 'controlplane · node01 · node02',
      },
    },
    recommended: 'a good start',
    needsEngine: 'Waits for Docker.',
    making:
      'Your lab is being made. The first time takes about a minute, since the images for the nodes are put together here.',
    cancel: 'Cancel',
    haveName: 'The lab “{lab}” is here. What you choose is made beside it, as “{name}”.',
    toBoard: 'To the board',
    later: 'Look around first',
    first: {
      title: 'Your first pod',
      body: 'Drag web.yaml from the shelf below onto a node, or let it be put there now. Then watch: read, accepted, running.',
      do: 'Put web.yaml on {node}',
      dismiss: 'I will do it myself',
    },
  },
}
