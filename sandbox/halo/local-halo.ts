import { setTimeout as pause } from 'node:timers/promises';
import { Faults, type PlannedFault } from '../faults.ts';
import { DROP_CONNECTION } from '../serve.ts';
import { AgentTable } from './agent-table.ts';
import { passwordHash, type StoredAgent } from './agents.ts';
import { Auth } from './auth.ts';
import {
  haloFaultAnswer,
  matchesCall,
  type Delay,
  type FaultMatch,
  type HaloFault,
  type OwnHaloFault,
} from './faults.ts';
import { recordOf, type HaloCall } from './journal.ts';
import { usualQuirks, type HaloQuirks } from './quirks.ts';
import { RateLimit } from './rate-limit.ts';
import { routes } from './routes.ts';
import { seed as defaultSeed, type Seed } from './seed.ts';

export type LocalHaloOptions = {
  clientId: string;
  clientSecret: string;
  /** When given, the token endpoint wants to hear it. */
  tenant?: string;
  licences?: number;
  now?: () => number;
  seed?: Partial<Seed>;
};

/** A HaloPSA on this machine: keeps agents, drops what HaloPSA drops, refuses what it refuses. Works under any host name. */
export class LocalHalo {
  readonly quirks: HaloQuirks = usualQuirks();
  /** Every call that arrived, in order. */
  readonly journal: HaloCall[] = [];
  /** What the lists answer; may be changed at any time. */
  readonly lists: Seed;
  /** Named ones, used or not. */
  readonly licences: number;
  private readonly auth: Auth;
  private readonly table: AgentTable;
  private readonly faults = new Faults<FaultMatch, OwnHaloFault | Delay>(haloFaultAnswer);
  private readonly listeners = new Set<() => void>();
  private readonly app: ReturnType<typeof routes>;

  constructor(options: LocalHaloOptions) {
    const { clientId, clientSecret, tenant, licences = 10, now = Date.now } = options;
    this.lists = { ...structuredClone(defaultSeed), ...options.seed };
    this.licences = licences;
    this.auth = new Auth({ clientId, clientSecret, tenant, now });
    this.table = new AgentTable(this.lists, this.quirks, licences);
    const rate = new RateLimit();
    this.app = routes({
      clientId,
      licences,
      auth: this.auth,
      table: this.table,
      lists: this.lists,
      quirks: this.quirks,
      refuseByRate: () => rate.refuse(this.quirks.rateLimit, now()),
    });
  }

  /** The agents that HaloPSA holds now. */
  get agents(): readonly StoredAgent[] {
    return this.table.all;
  }

  /** Every token that was given out, so that a test can look for it where it must not be. */
  get issuedTokens(): readonly string[] {
    return this.auth.issued;
  }

  /** Answers a request to HaloPSA. */
  fetch = async (request: Request): Promise<Response> => {
    const call = await recordOf(request);
    this.journal.push(call);
    const fault = this.faults.take((match) => matchesCall(match, call.method, call.path));
    const response = await this.answer(request, fault);
    call.dropped = response.headers.has(DROP_CONNECTION);
    if (!call.dropped) call.status = response.status;
    this.changed();
    return response;
  };

  /** The next matching calls go wrong. */
  fail(match: FaultMatch, fault: HaloFault, times = 1): PlannedFault {
    return this.faults.plan(match, fault, times);
  }

  /** How many faults have not met their call yet. */
  get faultsWaiting(): number {
    return this.faults.waiting;
  }

  /** Drops the faults to come, and lets go of the calls that hang. */
  heal(): void {
    this.faults.heal();
  }

  revokeTokens(): void {
    this.auth.revokeAll();
  }

  /** As if somebody clicked. */
  addAgent(fields: Partial<StoredAgent> & { name: string }): StoredAgent {
    const agent = this.table.add(fields);
    this.changed();
    return agent;
  }

  /** The only way to learn of a password: by knowing it. */
  passwordMatches(agentId: number, text: string): boolean {
    const stored = this.agents.find(({ id }) => id === agentId)?.passwordHash;
    return stored !== undefined && stored === passwordHash(agentId, text);
  }

  /** Called after every change of state and every answer. The result ends it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What a call does shows at once, however its answer goes wrong. */
  private async answer(request: Request, fault: HaloFault | undefined): Promise<Response> {
    if (fault === undefined) return this.app.fetch(request);
    if (fault.kind === 'delay') {
      const late = await this.app.fetch(request);
      this.changed();
      await pause(fault.ms);
      return late;
    }
    if (fault.after === true) await this.app.fetch(request);
    this.changed();
    return this.faults.answer(fault);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
