/** Files that never go into an archive of a lab, by what is in them. Rather one too many is left out than one too few. */

/*
 * Whoever made the file may want to keep this busy for hours: every quantifier below has a bound, so that the work grows with the
 * length of the file and not faster.
 */
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/
/** The end of a header and the begin of a payload, which is base64 of `{"`: a JSON Web Token. */
const JSON_WEB_TOKEN = /[A-Za-z0-9_-]{8}\.eyJ[A-Za-z0-9_-]{8}/
const SECRET_OBJECT =
  /(?:^[ \t,{-]{0,200}|[,{][ \t]{0,16})["']?kind["']?[ \t]{0,16}:[ \t]{0,16}["']?Secret["']?[ \t]{0,16}(?:[,}\r#]|$)|"kind"\s{0,16}:\s{0,16}"Secret"/m
const KUBECONFIG_CREDENTIALS = /(?:client-key-data|client-key|token)["']?[ \t]{0,16}:/
const KUBECONFIG = /kind["']?\s{0,16}:\s{0,16}["']?Config\b/
/** kubeadm's: six characters, a point, sixteen; only where a token is spoken of. */
const BOOTSTRAP_TOKEN = /token\S{0,32}[\s:="']{1,8}[a-z0-9]{6}\.[a-z0-9]{16}\b/i
/** What a kubelet sends along when it fetches static pods from elsewhere. */
const MANIFEST_HEADER = /--manifest-url-header\b/

/** Whether the file holds a key, a token, a kubeconfig with credentials, or a Secret. */
export function holdsSecret(content: Buffer): boolean {
  const text = content.toString('utf8')
  if ([PRIVATE_KEY, JSON_WEB_TOKEN, SECRET_OBJECT, BOOTSTRAP_TOKEN, MANIFEST_HEADER].some((one) => one.test(text)))
    return true
  return KUBECONFIG.test(text) && KUBECONFIG_CREDENTIALS.test(text)
}
