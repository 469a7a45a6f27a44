/**
 * Places of the app, by name. The address is in the URL's fragment, which no server sees, so Back and Forward work and a link
 * can name a place. Pages that most sessions do not open are loaded when they are.
 */
import { createRouter, type Router, type RouterHistory } from 'vue-router'
import { loadLater } from './load-later.ts'
import TheBoard from './features/board/TheBoard.vue'
import TheSettings from './features/settings/TheSettings.vue'

/** Names of the routes: what links and tests say. */
export type Place =
  | 'board'
  | 'timeline'
  | 'compare'
  | 'pod'
  | 'labs'
  | 'settings'
  | 'diagnostics'
  | 'welcome'
  | 'editor'
  | 'folder-history'
  | 'terminal'

declare module 'vue-router' {
  interface RouteMeta {
    /** The inspector may stand beside the page. */
    hasInspector?: true
  }
}

export function createAppRouter(history: RouterHistory): Router {
  return createRouter({
    history,
    routes: [
      { name: 'board', path: '/', component: TheBoard, meta: { hasInspector: true } },
      {
        name: 'timeline',
        path: '/timeline',
        component: loadLater(() => import('./features/timeline/TheTimeline.vue')),
        meta: { hasInspector: true },
      },
      {
        name: 'compare',
        path: '/compare',
        component: () => import('./features/compare/TheCompare.vue'),
        meta: { hasInspector: true },
      },
      {
        name: 'pod',
        path: '/labs/:lab/nodes/:node/pods/:namespace/:pod/:tab?',
        component: loadLater(() => import('./features/pod/ThePodPage.vue')),
      },
      { name: 'labs', path: '/labs', component: loadLater(() => import('./features/labs/TheLabs.vue')) },
      { name: 'settings', path: '/settings', component: TheSettings },
      { name: 'welcome', path: '/welcome', component: loadLater(() => import('./features/welcome/TheWelcome.vue')) },
      {
        name: 'diagnostics',
        path: '/diagnostics',
        component: loadLater(() => import('./features/diagnostics/TheDiagnostics.vue')),
      },
      {
        name: 'terminal',
        path: '/terminal',
        component: loadLater(() => import('./features/terminal/TheTerminals.vue')),
      },
      // Links into the app; a page with such a path of its own comes before this.
      { name: 'link', path: '/lab/:rest(.*)*', component: loadLater(() => import('./features/links/TheLink.vue')) },
      {
        name: 'editor',
        path: '/labs/:lab/nodes/:node/files/:file',
        component: loadLater(() => import('./features/editor/TheEditor.vue')),
      },
      {
        name: 'folder-history',
        path: '/labs/:lab/nodes/:node/files',
        component: loadLater(() => import('./features/editor/TheFolderHistory.vue')),
      },
      { path: '/:unknown(.*)*', redirect: { name: 'board' } },
    ],
  })
}
