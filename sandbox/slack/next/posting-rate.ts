const perSecond = 1;
const burst = 3;

/** One message per second and channel, with a small burst. */
export class PostingRate {
  private readonly now: () => number;
  private readonly channels = new Map<string, { left: number; at: number }>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** Takes one message off the channel's allowance. @returns seconds to wait, 0 if it may be posted now */
  waitFor(channelId: string): number {
    const at = this.now();
    const last = this.channels.get(channelId) ?? { left: burst, at };
    const left = Math.min(burst, last.left + ((at - last.at) / 1000) * perSecond);
    if (left < 1) {
      this.channels.set(channelId, { left, at });
      return Math.ceil((1 - left) / perSecond);
    }
    this.channels.set(channelId, { left: left - 1, at });
    return 0;
  }
}
