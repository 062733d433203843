import type { Finding } from './finding.ts';

/** Slack's requests are refused when they are older than five minutes by our clock; this leaves room. */
const maxSkewMs = 120_000;
const patienceMs = 10_000;

/**
 * Our clock against the `Date` of an answer, which needs no sign-in.
 * @param now epoch milliseconds
 */
export async function checkClock(whose: string, url: string, now: () => number): Promise<Finding> {
  const name = `Clock against ${whose}`;
  const date = await dateOf(url);
  if (date === undefined) return { name, outcome: 'not_checked', found: `${whose} didn’t report the time` };
  const skewMs = now() - date;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= maxSkewMs) return { name, outcome: 'ok', found: `${seconds} s apart` };
  return {
    name,
    outcome: 'failed',
    found: `this machine is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`,
    fix: 'Turn on time synchronization (timedatectl set-ntp true). The app rejects requests from Slack that look more than five minutes old.',
  };
}

/** Epoch milliseconds, to the second. */
async function dateOf(url: string): Promise<number | undefined> {
  try {
    const { headers, body } = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    await body?.cancel();
    const at = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(at) ? undefined : at;
  } catch {
    return undefined;
  }
}
