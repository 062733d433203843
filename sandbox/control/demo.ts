import { z } from 'zod';
import type { LocalHalo } from '../halo/local-halo.ts';
import { takesLicence } from '../halo/agents.ts';
import { usualQuirks } from '../halo/quirks.ts';
import type { DemoSwitch, DemoView } from './screen.ts';

/** What somebody can do to the world around the app, so that every state of a request can be seen. */
export const demoStepSchema = z.union([
  z.object({ switch: z.enum(['outage', 'no_licence', 'keeps_hours', 'two_approvals']), on: z.boolean() }),
  z.object({ do: z.enum(['pass_time', 'change_agent']) }),
]);
export type DemoStep = z.infer<typeof demoStepSchema>;

const dayMs = 86_400_000;
/** More than a request waits for its approval, and than the app waits before it compares an agent again. */
const passedMs = 4 * dayMs;

/** The app's process can be started again with another environment. */
type Restart = (env: Record<string, string>) => Promise<void>;

/** The controls of the demo. `changed` is called whenever its view is another. */
export class Demo {
  private on: Record<DemoSwitch, boolean> = {
    outage: false,
    no_licence: false,
    keeps_hours: false,
    two_approvals: false,
  };
  private aheadMs = 0;
  private isRestarting = false;
  private readonly halo: LocalHalo;
  private readonly restart: Restart;
  private readonly changed: () => void;
  private readonly licences: number;
  private readonly firstAgents: ReadonlySet<number>;

  constructor(halo: LocalHalo, restart: Restart, changed: () => void) {
    this.halo = halo;
    this.restart = restart;
    this.changed = changed;
    this.licences = halo.licences;
    this.firstAgents = new Set(halo.agents.map(({ id }) => id));
  }

  get view(): DemoView {
    return { on: this.on, daysAhead: this.aheadMs / dayMs, isRestarting: this.isRestarting };
  }

  /** @throws when there is nothing to do it to: the sentence is for whoever pressed */
  async perform(step: DemoStep): Promise<void> {
    if ('switch' in step) {
      this.on = { ...this.on, [step.switch]: step.on };
      await this.set(step.switch, step.on);
    } else if (step.do === 'change_agent') this.changeAgent();
    else {
      this.aheadMs += passedMs;
      await this.startAgain();
    }
    this.changed();
  }

  private async set(one: DemoSwitch, on: boolean): Promise<void> {
    const { halo } = this;
    switch (one) {
      case 'outage':
        halo.heal();
        if (on) halo.fail({ path: '/*' }, { kind: 'status', status: 503 }, Infinity);
        return;
      case 'no_licence':
        halo.lists.settings.licences = on ? halo.agents.filter(takesLicence).length : this.licences;
        return;
      case 'keeps_hours':
        halo.quirks.forceAlways = on ? { workday_id: 1 } : usualQuirks().forceAlways;
        return;
      case 'two_approvals':
        return this.startAgain();
    }
  }

  private changeAgent(): void {
    const newest = this.halo.agents.findLast(({ id }) => !this.firstAgents.has(id));
    if (newest === undefined) throw new Error('Set up an agent first: there is none to change yet.');
    this.halo.changeAgent(newest.id, { isdisabled: !newest.isdisabled });
  }

  private async startAgain(): Promise<void> {
    this.isRestarting = true;
    this.changed();
    try {
      await this.restart({
        DEMO_AHEAD_MS: String(this.aheadMs),
        NEO_APPROVALS_REQUIRED: this.on.two_approvals ? '2' : '1',
      });
    } finally {
      this.isRestarting = false;
    }
  }
}
