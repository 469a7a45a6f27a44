/** Keeps the stores equal to the main process: subscribes to its events first, then fetches everything, anew after every re-connect. */
import { onScopeDispose } from 'vue'
import { call, on, onStateChange } from '../bridge/client.ts'
import { useActionsStore } from '../stores/actions-store.ts'
import { useClusterStore } from '../stores/cluster-store.ts'
import { useConnectionStore } from '../stores/connection-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useSettingsStore } from '../stores/settings-store.ts'
import { useConsequencesStore } from '../stores/consequences-store.ts'
import { useSamplesStore } from '../stores/samples-store.ts'
import { useTasksStore } from '../stores/tasks-store.ts'
import { useTerminalsStore } from '../stores/terminals-store.ts'
import { useTimelineStore } from '../stores/timeline-store.ts'
import { useUndoStore } from '../stores/undo-store.ts'
import { useViewsStore } from '../stores/views-store.ts'

export interface LiveDataOptions {
  /** Told when something could not be fetched: the rest is shown all the same. */
  onError(error: unknown): void
}

/** To be called in a component's setup or an effect scope, whose end ends the subscriptions. */
export function useLiveData({ onError }: LiveDataOptions): void {
  const actions = useActionsStore()
  const cluster = useClusterStore()
  const connection = useConnectionStore()
  const labs = useLabsStore()
  const consequences = useConsequencesStore()
  const samples = useSamplesStore()
  const settings = useSettingsStore()
  const tasks = useTasksStore()
  const terminals = useTerminalsStore()
  const timeline = useTimelineStore()
  const undo = useUndoStore()
  const views = useViewsStore()
  const known = new Set<string>()
  const fetchedClusters = new Map<string, Promise<void>>()

  async function fetchLab(lab: string): Promise<void> {
    known.add(lab)
    const [labViews, entries, done] = await Promise.all([
      call('node/views', { lab }),
      call('timeline/list', { lab }),
      call('action/list', { lab }),
      fetchCluster(lab),
      call('terminal/list', { lab }).then((list) => terminals.setListed(lab, list)),
    ])
    views.setLabViews(lab, labViews)
    timeline.add(lab, entries)
    actions.add(lab, done)
  }

  /** Once at a time: changes that come meanwhile are in the answer. */
  function fetchCluster(lab: string): Promise<void> {
    const running = fetchedClusters.get(lab)
    if (running !== undefined) return running
    const fetched = call('cluster/view', { lab })
      .then((view) => {
        cluster.setFetched(lab, view)
      })
      .finally(() => fetchedClusters.delete(lab))
    fetchedClusters.set(lab, fetched)
    return fetched
  }

  function forgetLab(lab: string): void {
    known.delete(lab)
    labs.removeLab(lab)
    views.removeLab(lab)
    timeline.removeLab(lab)
    actions.removeLab(lab)
    consequences.removeLab(lab)
    cluster.removeLab(lab)
    terminals.removeLab(lab)
    undo.removeLab(lab)
  }

  async function fetchLabs(): Promise<void> {
    const list = await call('lab/list', {})
    for (const name of labs.names) {
      if (!list.some((lab) => lab.name === name)) forgetLab(name)
    }
    labs.setAll(list)
    await Promise.all(labs.names.map((name) => fetchLab(name)))
  }

  function fetchAll(): void {
    const fetches = [
      call('engine/status', {}).then(labs.setEngine),
      call('app/info', {}).then(connection.setAppInfo),
      call('sample/list', {}).then(samples.setAll),
      call('task/list', {}).then(tasks.setAll),
      call('settings/read', {}).then(settings.setState),
      fetchLabs(),
    ]
    for (const fetch of fetches) fetch.catch(onError)
  }

  const subscriptions = [
    on('engine/changed', (status) => labs.setEngine(status)),
    on('lab/changed', (lab) => {
      labs.setLab(lab)
      views.keepNodes(
        lab.name,
        lab.nodes.map(({ name }) => name),
      )
      if (!known.has(lab.name) && lab.state !== 'absent') fetchLab(lab.name).catch(onError)
    }),
    on('lab/gone', ({ lab }) => forgetLab(lab)),
    on('node/changed', (view) => views.setView(view)),
    on('cluster/changed', (change) => {
      if (!cluster.apply(change)) fetchCluster(change.lab).catch(onError)
    }),
    on('terminal/changed', (status) => terminals.set(status)),
    on('terminal/gone', ({ terminal }) => terminals.remove(terminal)),
    on('timeline/added', ({ lab, entries }) => timeline.add(lab, entries)),
    on('action/added', (added) => actions.add(added.lab, added.actions)),
    on('task/changed', (task) => tasks.setTask(task)),
    on('settings/changed', (state) => settings.setState(state)),
    onStateChange((state) => {
      connection.setState(state)
      if (state === 'open') fetchAll()
    }),
  ]
  onScopeDispose(() => {
    for (const end of subscriptions) end()
  })
}
