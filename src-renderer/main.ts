/** Starts the renderer: a bridge first, then the app on it. */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { connectBridge } from './bridge/connect.ts'
import { installBridge } from './bridge/client.ts'
import { i18n } from './locales/i18n.ts'
import './styles/main.css'

installBridge(await connectBridge())
createApp(App).use(createPinia()).use(i18n).mount('#app')
