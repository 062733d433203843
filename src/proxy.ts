import { getProxyForUrl } from 'proxy-from-env';
import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici';
import { isEncoded } from './variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Which of them no proxy can be made of. Their values may hold a password, so they are not said. */
export function proxyProblems(env: Environment): { variable: string; problem: string }[] {
  const problem =
    'must be an address like http://proxy.example:3128, with special characters of its password encoded';
  return variables.filter((variable) => !isProxy(env[variable])).map((variable) => ({ variable, problem }));
}

function isProxy(address: string | undefined): boolean {
  if (address === undefined || address.trim() === '') return true;
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return /^https?:$/.test(protocol) && [username, password].every(isEncoded);
}

/**
 * From here on every `fetch` and every WebSocket of this process honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY: the Web API,
 * Socket Mode, `response_url`, and the doctor's looks. axios, which HaloPSA is called with, reads them itself.
 */
export function honourProxies(env: Environment): void {
  const isSet = variables.some((variable) => (env[variable] ?? '').trim() !== '');
  // What is wrong with them is said where all variables are read.
  if (isSet && proxyProblems(env).length === 0) setGlobalDispatcher(new EnvHttpProxyAgent());
}

/** `http://proxy.example:3128`, without a user and password. Undefined: none is used for this address. */
export function proxyFor(address: string): string | undefined {
  const proxy = getProxyForUrl(address);
  return proxy === '' || !URL.canParse(proxy) ? undefined : new URL(proxy).origin;
}

/** The passwords in the addresses of the proxies, which must not be logged. */
export function proxyPasswords(env: Environment): string[] {
  return variables.flatMap((variable) => {
    const address = env[variable];
    const password =
      address !== undefined && isProxy(address) && URL.canParse(address) ? new URL(address).password : '';
    return password === '' ? [] : [password, decodeURIComponent(password)];
  });
}
