import type { HaloQuirks } from './quirks.ts';

/** HaloPSA's rolling window over all calls. */
export class RateLimit {
  private admitted: number[] = [];

  /** Counts the call. The answer is the 429 of one call too many, else undefined. */
  refuse(limit: HaloQuirks['rateLimit'], now: number): Response | undefined {
    if (limit === undefined) return undefined;
    const { calls, windowMs, retryAfter = false } = limit;
    this.admitted = this.admitted.filter((at) => at > now - windowMs);
    if (this.admitted.length < calls) {
      this.admitted.push(now);
      return undefined;
    }
    const freeInMs = (this.admitted[0] ?? now) + windowMs - now;
    const minutes = Math.max(1, Math.round(windowMs / 60_000));
    return new Response(`Rate Limit Reached - ${calls} Requests per rolling ${minutes} minute window`, {
      status: 429,
      headers: retryAfter ? { 'retry-after': String(Math.ceil(freeInMs / 1000)) } : {},
    });
  }
}
