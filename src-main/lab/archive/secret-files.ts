/** Files that never go into an archive of a lab, by what is in them. Rather one too many is left out than one too few. */

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----|-----BEGIN OPENSSH PRIVATE KEY-----/
/** Base64 of `{"`, a payload and a signature: a JSON Web Token. */
const JSON_WEB_TOKEN = /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./
const SECRET_OBJECT = /^[\s,{-]*["']?kind["']?\s*:\s*["']?Secret["']?\s*[,}\r#]?\s*$|"kind"\s*:\s*"Secret"/m
const KUBECONFIG_CREDENTIALS = /["']?(?:client-key-data|client-key|token)["']?\s*:\s*\S/
const KUBECONFIG = /["']?kind["']?\s*:\s*["']?Config\b/
/** kubeadm's: six characters, a point, sixteen; only where a token is spoken of. */
const BOOTSTRAP_TOKEN = /token\S*[\s:="']{1,4}[a-z0-9]{6}\.[a-z0-9]{16}\b/i
/** What a kubelet sends along when it fetches static pods from elsewhere. */
const MANIFEST_HEADER = /--manifest-url-header\b/

/** Whether the file holds a key, a token, a kubeconfig with credentials, or a Secret. */
export function holdsSecret(content: Buffer): boolean {
  const text = content.toString('utf8')
  if ([PRIVATE_KEY, JSON_WEB_TOKEN, SECRET_OBJECT, BOOTSTRAP_TOKEN, MANIFEST_HEADER].some((one) => one.test(text)))
    return true
  return KUBECONFIG.test(text) && KUBECONFIG_CREDENTIALS.test(text)
}
