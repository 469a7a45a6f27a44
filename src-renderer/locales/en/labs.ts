/** The list of labs, and what is done with a lab as a whole. */
export const labs = {
  labs: {
    title: 'Labs',
    description:
      'Each lab has nodes, manifests, addresses and a timeline of its own. Several may run side by side; a stopped one keeps everything.',
    make: 'New lab',
    import: 'Import a lab…',
    noneTitle: 'No lab yet',
    noneBody: 'Make one, or import the file of one.',
    dropHint: 'The file of a lab (.lab.tar.gz) can be dropped anywhere onto this window.',
    shown: 'on the board',
    withControlPlane: 'with a control plane',
    start: 'Start',
    stop: 'Stop',
    actionsOf: 'Actions for the lab {lab}',
    rename: 'Rename…',
    clone: 'Clone…',
    export: 'Export to a file',
    all: 'All labs…',
    newName: 'New name',
    nameProblem: {
      taken: 'There is a lab “{name}” already.',
      form: 'Lower case letters, digits and “-”, at most 40, beginning and ending with a letter or digit.',
    },
    renameTitle: 'Rename the lab “{lab}”',
    renameBody:
      'Manifests, the nodes’ disks, the timeline and restart counts stay as they are. Containers are made anew at the next start.',
    renameRunning: 'The lab is running. It is stopped for this and started again: its pods begin anew.',
    renameDo: 'Rename',
    renameStopDo: 'Stop, rename and start',
    renamed: 'The lab “{lab}” is called “{name}” now',
    cloneTitle: 'Clone the lab “{lab}”',
    cloneBody:
      'A second lab with the same nodes, node settings and manifests. What pods have written, certificates and the timeline are not copied.',
    cloneDo: 'Clone',
    cloned: 'The lab “{name}” was made like “{lab}”',
    startIt: 'Start it right away',
    importTitle: 'Import a lab',
    importBody: 'From a file that somebody exported. Nothing of it runs before you start it.',
    importTrust:
      'The manifests and node settings in it are programs of whoever made it. They run in the lab’s nodes, under the same safety rules as your own.',
    file: 'File',
    chooseFile: 'Choose a file…',
    fileHint: 'Choose the file, or write its path.',
    chosen: 'Chosen: {name}',
    importName: 'Name (empty: as in the file)',
    importDo: 'Import',
    importing: 'Importing…',
    imported: 'The lab “{lab}” was imported',
    notRunning:
      'It is stopped and has no manifests. | It is stopped; 1 manifest waits for its start. | It is stopped; {count} manifests wait for its start.',
    missingImages:
      ' | An image is not here and would be pulled: {images}. | Images that are not here and would be pulled: {images}.',
    exported: 'The lab “{lab}” was exported',
    saved: 'Saved as {path}.',
    downloaded: 'Downloaded as {name}.',
    needs: 'Images that it needs, which are not in the file: {images}.',
    leftOut: 'Left out: {files}.',
    why: { secret: 'a secret', 'too-large': 'too large', 'not-a-file': 'no regular file' },
    tooLarge: 'It is larger than 8 MiB; no exported lab is.',
    failed: {
      rename: 'The lab {lab} could not be renamed',
      clone: 'The lab {lab} could not be cloned',
      export: 'The lab {lab} could not be exported',
      import: 'The file could not be imported',
    },
  },
  repair: {
    title: 'Parts of the lab {lab} were gone and were made anew',
    volume:
      'The disk of {node} was gone: its logs, journal, settings, a moved manifest folder and its pods’ data could not be brought back.',
    containers: 'The containers of {node} were made anew; its disk is as it was.',
    manifests:
      'The manifest folder of {node} was gone and is empty now. No version of its files was kept. | The manifest folder of {node} was gone and is empty now. A version of 1 file can be had back from its history. | The manifest folder of {node} was gone and is empty now. Versions of {count} files can be had back from its history.',
    network: 'The network was made anew, with the same addresses.',
    images: 'Node Lab’s images were loaded again.',
    image: 'The image {image} is not here any more, and Node Lab does not bring it along.',
    authorities:
      'The cluster’s certificates were gone: new ones were made, and kubeconfigs and tokens from before are not accepted.',
    labFile: {
      none: 'lab.yaml was gone and was written anew for the nodes that were found: {nodes}.',
      kept: 'lab.yaml was gone and was written anew for the nodes that were found, with their control plane: {nodes}.',
      lost: 'lab.yaml was gone and was written anew for the nodes that were found: {nodes}. The control plane could not be brought back.',
    },
  },
}
