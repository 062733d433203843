import { getProxyForUrl } from 'proxy-from-env';
import { Agent, Dispatcher, ProxyAgent, setGlobalDispatcher } from 'undici';
import { isEncoded } from './variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

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
 * Sends each call the way that the environment says for its address, by the rules of axios: undici's own ones differ. They
 * send https through HTTP_PROXY where that alone is set, and know no ALL_PROXY.
 */
export class EnvironmentProxies extends Dispatcher {
  private readonly direct = new Agent();
  private readonly proxies = new Map<string, ProxyAgent>();

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.agentFor(String(options.origin)).dispatch(options, handler);
  }

  private agentFor(origin: string): Dispatcher {
    const proxy = getProxyForUrl(origin);
    if (proxy === '') return this.direct;
    const agent = this.proxies.get(proxy) ?? new ProxyAgent(proxy);
    this.proxies.set(proxy, agent);
    return agent;
  }
}

/**
 * From here on every `fetch` and every WebSocket of this process honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY: the Web API,
 * Socket Mode, `response_url`, and the doctor's looks. axios, which HaloPSA is called with, reads them itself.
 */
export function honourProxies(env: Environment): void {
  const isSet = variables.some((variable) => (env[variable] ?? '').trim() !== '');
  // What is wrong with them is said where all variables are read.
  if (isSet && proxyProblems(env).length === 0) setGlobalDispatcher(new EnvironmentProxies());
}

/** `http://proxy.example:3128`, without a user and password. Undefined: none is used for this address. */
export function proxyFor(address: string): string | undefined {
  const proxy = getProxyForUrl(address);
  return proxy === '' || !URL.canParse(proxy) ? undefined : new URL(proxy).origin;
}

/** The same for axios, with user and password as they are: of an address it would send them encoded. False: none. */
export function axiosProxyFor(
  address: string,
): false | { protocol: string; host: string; port: number; auth?: { username: string; password: string } } {
  const found = getProxyForUrl(address);
  if (found === '' || !URL.canParse(found)) return false;
  const { protocol, hostname: host, port, username, password } = new URL(found);
  const auth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const usual = protocol === 'https:' ? 443 : 80;
  return { protocol, host, port: Number(port || usual), ...(username !== '' && { auth }) };
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
