import { randomBytes } from 'node:crypto';

/** What somebody did that the app may answer with a view. */
export type Cause = {
  userId: string;
  /** The modal that they did it in, which `views.push` puts another one upon. */
  viewId?: string;
  /** Where they were. */
  conversation?: string;
};

/** Three seconds after Slack sent it. */
const lifeMs = 3_000;

/** trigger_ids: each works once. */
export class Triggers {
  private readonly given = new Map<string, Cause & { until: number; used: boolean }>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  give(cause: Cause): string {
    const id = `${String(this.now())}.${randomBytes(8).toString('hex')}`;
    this.given.set(id, { ...cause, until: this.now() + lifeMs, used: false });
    return id;
  }

  use(id: string): Cause | { error: string } {
    const trigger = this.given.get(id);
    if (trigger === undefined) return { error: 'invalid_trigger_id' };
    if (trigger.used) return { error: 'exchanged_trigger_id' };
    if (this.now() > trigger.until) return { error: 'expired_trigger_id' };
    trigger.used = true;
    return trigger;
  }
}
