import type { Args } from './methods/answer.ts';

/** Calls a minute, per method. */
export type Tier = 1 | 2 | 3 | 4 | 'special';
const perMinute: Record<Exclude<Tier, 'special'>, number> = { 1: 1, 2: 20, 3: 50, 4: 100 };
const minuteMs = 60_000;
const betweenPostsMs = 1_000;

/** Slack's limits: so many calls a minute by the method's tier, and one post a second in each channel. */
export class RateLimits {
  private readonly calls = new Map<string, number[]>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Takes a call. The seconds to wait, when it is one too many. */
  take(method: string, tier: Tier, args: Args): number | undefined {
    if (method === 'chat.postMessage')
      return this.takeOne(`${method} ${String(args['channel'])}`, 1, betweenPostsMs);
    return tier === 'special' ? undefined : this.takeOne(method, perMinute[tier], minuteMs);
  }

  private takeOne(key: string, most: number, withinMs: number): number | undefined {
    const now = this.now();
    const recent = (this.calls.get(key) ?? []).filter((at) => at > now - withinMs);
    this.calls.set(key, recent);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= most) return Math.ceil((oldest + withinMs - now) / 1000);
    recent.push(now);
    return undefined;
  }
}
