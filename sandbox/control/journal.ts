import type { HaloCall } from '../halo/journal.ts';
import type { LocalHalo } from '../halo/local-halo.ts';
import type { LocalSlack, SlackCall } from '../slack/local-slack.ts';
import type { JournalLine } from './screen.ts';

type Kept = { at: number } & ({ slack: SlackCall } | { halo: HaloCall });

/** The calls to both in the order in which they came. */
export class Journal {
  private readonly kept: Kept[] = [];
  private readonly slack: LocalSlack;
  private readonly halo: LocalHalo;
  private seen = { slack: 0, halo: 0 };

  constructor(slack: LocalSlack, halo: LocalHalo) {
    this.slack = slack;
    this.halo = halo;
    slack.store.onChange(() => {
      this.catchUp();
    });
  }

  /** The latest, the oldest first. */
  lines(most = Infinity): JournalLine[] {
    this.catchUp();
    const from = Math.max(0, this.kept.length - most);
    return this.kept.slice(from).map((call, index) => ({
      number: from + index + 1,
      at: call.at,
      ...('slack' in call ? slackLine(call.slack) : haloLine(call.halo)),
    }));
  }

  private catchUp(): void {
    const at = Date.now();
    this.kept.push(
      ...this.slack.journal.slice(this.seen.slack).map((slack) => ({ at, slack })),
      ...this.halo.journal.slice(this.seen.halo).map((halo) => ({ at, halo })),
    );
    this.seen = { slack: this.slack.journal.length, halo: this.halo.journal.length };
  }
}

type Said = Omit<JournalLine, 'number' | 'at'>;

function slackLine({ method, answer }: SlackCall): Said {
  const call = { to: 'Slack', method: 'POST', path: `/api/${method}` } as const;
  if (answer === undefined) return { ...call, status: 'refused or dropped', went: 'wrong' };
  return answer.ok
    ? { ...call, status: 'ok', went: 'well' }
    : { ...call, status: answer.error ?? 'not ok', went: 'wrong' };
}

function haloLine({ method, path, status, dropped }: HaloCall): Said {
  const call = { to: 'HaloPSA', method, path } as const;
  if (dropped) return { ...call, status: 'dropped', went: 'wrong' };
  if (status === undefined) return { ...call, status: 'waiting', went: 'on' };
  return { ...call, status: String(status), went: status < 400 ? 'well' : 'wrong' };
}
