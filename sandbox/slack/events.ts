import { randomUUID } from 'node:crypto';
import type { Delivery, Payload } from './delivery.ts';
import type { Manifest } from './manifest.ts';
import type { Store } from './store.ts';
import { SuccessRate } from './success-rate.ts';
import { bot, teamId } from './workspace.ts';

export type SlackEvent = { type: string } & Payload;

const ofTheApp = { token: 'legacy-token', team_id: teamId, api_app_id: bot.appId };

/** Slack tries again at once, after a minute and after five. */
export const slacksRetriesAfterMs: readonly number[] = [0, 60_000, 300_000];

/**
 * The Events API: an event that is not acknowledged comes again, three times at most. An app that answers too
 * few deliveries is sent no more events, see `SuccessRate`.
 */
export class Events {
  private readonly manifest: Manifest;
  private readonly store: Store;
  private readonly deliver: Delivery;
  private readonly retriesAfterMs: readonly number[];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly successRate: SuccessRate;

  constructor(options: {
    manifest: Manifest;
    store: Store;
    deliver: Delivery;
    retriesAfterMs: readonly number[];
  }) {
    this.manifest = options.manifest;
    this.store = options.store;
    this.deliver = options.deliver;
    this.retriesAfterMs = options.retriesAfterMs;
    this.successRate = new SuccessRate(options.store.now);
  }

  /**
   * Tells the app, when its manifest subscribes to it. `name` is the manifest's name where it differs from
   * the event's type (`message.channels`). Resolves when the first attempt is over.
   */
  async emit(event: SlackEvent, name = event.type): Promise<void> {
    if (!this.manifest.events.includes(name)) return;
    const eventTs = this.store.nextTs();
    const payload = {
      ...ofTheApp,
      context_team_id: teamId,
      type: 'event_callback',
      event: { ...event, event_ts: eventTs },
      event_id: `Ev${randomUUID().replaceAll('-', '').toUpperCase().slice(0, 10)}`,
      event_time: Math.floor(Number(eventTs)),
      event_context: randomUUID(),
      is_ext_shared_channel: false,
      authorizations: [
        {
          enterprise_id: null,
          team_id: teamId,
          user_id: bot.userId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
    };
    await this.attempt(payload, 0);
  }

  enable(): void {
    this.successRate.enable();
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async attempt(payload: Payload, num: number, failure = ''): Promise<void> {
    if (this.successRate.isDisabled) return;
    const reason = failure === 'operation_timeout' ? 'http_timeout' : 'http_error';
    const ack = await this.deliver('events_api', payload, num === 0 ? undefined : { num, reason });
    if (this.successRate.disablesWith({ isRetry: num > 0, ok: ack.ok })) await this.tellOfTheEnd();
    const afterMs = this.retriesAfterMs[num];
    if (ack.ok || afterMs === undefined) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.attempt(payload, num + 1, ack.failure);
    }, afterMs);
    this.timers.add(timer);
  }

  /** It comes without an inner event: docs.slack.dev/reference/events/app_rate_limited. */
  private async tellOfTheEnd(): Promise<void> {
    await this.deliver('events_api', {
      ...ofTheApp,
      type: 'app_rate_limited',
      minute_rate_limited: Math.floor(this.store.now() / 60_000) * 60,
    });
  }
}
