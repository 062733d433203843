import { DROP_CONNECTION } from './serve.ts';

/** Ways in which any server goes wrong. `after`: it did what it was asked all the same. */
export type NetworkFault =
  | { kind: 'drop'; after?: boolean }
  /** Nobody listens: the call never leaves. Only where the network itself is faked; else it is a drop. */
  | { kind: 'refuse'; after?: false }
  /** Never answers, until `heal()`. */
  | { kind: 'hang'; after?: boolean };

/** `met` resolves when a call met the fault. */
export type PlannedFault = { met: Promise<void> };

type Waiting<Match, Fault> = { match: Match; fault: Fault; times: number; meet: () => void };

/** Faults to come: each waits for calls that it matches, so many times. */
export class Faults<Match, Fault extends { kind: string }> {
  private planned: Waiting<Match, Fault | NetworkFault>[] = [];
  private release: (() => void)[] = [];
  private readonly answerOwn: (fault: Fault) => Response;

  constructor(answerOwn: (fault: Fault) => Response) {
    this.answerOwn = answerOwn;
  }

  plan(match: Match, fault: Fault | NetworkFault, times: number): PlannedFault {
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    this.planned.push({ match, fault, times, meet });
    return { met };
  }

  take(matches: (match: Match) => boolean): Fault | NetworkFault | undefined {
    const found = this.planned.find(({ match, times }) => times > 0 && matches(match));
    if (found === undefined) return undefined;
    found.times -= 1;
    found.meet();
    return found.fault;
  }

  /** How many faults have not met their call yet. */
  get waiting(): number {
    return this.planned.reduce((sum, { times }) => sum + times, 0);
  }

  heal(): void {
    this.planned = [];
    for (const release of this.release) release();
    this.release = [];
  }

  /** The answer that the caller gets instead of the good one. */
  async answer(fault: Fault | NetworkFault): Promise<Response> {
    if (isNetworkFault(fault)) {
      if (fault.kind === 'hang') await new Promise<void>((resolve) => this.release.push(resolve));
      const code = fault.kind === 'refuse' ? 'ECONNREFUSED' : 'ECONNRESET';
      return new Response('', { status: 502, headers: { [DROP_CONNECTION]: code } });
    }
    return this.answerOwn(fault);
  }
}

function isNetworkFault(fault: { kind: string }): fault is NetworkFault {
  return ['drop', 'refuse', 'hang'].includes(fault.kind);
}
