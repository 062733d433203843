const withinMs = 60 * 60_000;
const leastPercent = 5;
const leastEvents = 1_000;

/**
 * Slack disables the event subscriptions of an app that answered fewer than 5 % of the deliveries of the last
 * 60 minutes, retries included. Apps that get fewer than 1,000 events an hour are spared. Source of both:
 * docs.slack.dev/apis/events-api, failure conditions.
 */
export class SuccessRate {
  private attempts: { at: number; isRetry: boolean; ok: boolean }[] = [];
  private readonly now: () => number;
  private disabled = false;

  constructor(now: () => number) {
    this.now = now;
  }

  get isDisabled(): boolean {
    return this.disabled;
  }

  /** Takes the outcome of a delivery. True: this one was one too many. */
  disablesWith(outcome: { isRetry: boolean; ok: boolean }): boolean {
    const now = this.now();
    this.attempts.push({ at: now, ...outcome });
    while (this.attempts[0] !== undefined && this.attempts[0].at < now - withinMs) this.attempts.shift();
    if (this.disabled || !this.isTooLow()) return false;
    this.disabled = true;
    return true;
  }

  enable(): void {
    this.attempts = [];
    this.disabled = false;
  }

  private isTooLow(): boolean {
    const events = this.attempts.filter(({ isRetry }) => !isRetry).length;
    const answered = this.attempts.filter(({ ok }) => ok).length;
    return events >= leastEvents && answered * 100 < this.attempts.length * leastPercent;
  }
}
