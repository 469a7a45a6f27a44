/** Starts the renderer: a bridge first, then the app on it. */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createWebHashHistory } from 'vue-router'
import App from './App.vue'
import { connectBridge } from './bridge/connect.ts'
import { installBridge } from './bridge/client.ts'
import { cacheParts } from './load-later.ts'
import { i18n } from './locales/i18n.ts'
import { createAppRouter } from './router.ts'
import './styles/main.css'

installBridge(await connectBridge())
createApp(App).use(createPinia()).use(i18n).use(createAppRouter(createWebHashHistory())).mount('#app')
cacheParts()
