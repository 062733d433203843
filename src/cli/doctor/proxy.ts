import { proxyFor } from '../../proxy.ts';
import type { Finding } from './finding.ts';

/** Which proxy lies on the way to whom, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Without its password. */
export function proxyFinding(addresses: Record<string, string>): Finding {
  const used = Object.entries(addresses).map(([whose, address]) => ({ whose, proxy: proxyFor(address) }));
  const found = used.map(({ whose, proxy }) => `${whose} ${proxy ?? 'directly'}`);
  const isDirect = used.every(({ proxy }) => proxy === undefined);
  return { name: 'Proxy', outcome: 'ok', found: isDirect ? 'none' : found.join('; ') };
}
