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
import { presets, type PresetName } from './presets.ts';
import { usualQuirks, type HaloQuirks } from './quirks.ts';
import { RateLimit } from './rate-limit.ts';
import { pathWithin, routes } from './routes.ts';
import { seed as defaultSeed, type Seed } from './seed.ts';

export type LocalHaloOptions = {
  clientId: string;
  clientSecret: string;
  /** Hosted with others: the token endpoint wants to hear it. Without: on-premise, or a host of its own. */
  tenant?: string;
  /** `/halo`: an on-premise instance may live under any path. */
  basePath?: string;
  /** An imagined build. What is given beside it goes before it. */
  preset?: PresetName;
  licences?: number;
  now?: () => number;
  seed?: Partial<Seed>;
};

/** A HaloPSA on this machine: keeps agents, drops what HaloPSA drops, refuses what it refuses. Works under any host name. */
export class LocalHalo {
  readonly quirks: HaloQuirks;
  /** Every call that arrived, in order. */
  readonly journal: HaloCall[] = [];
  /** What the lists answer; may be changed at any time. */
  readonly lists: Seed;
  private readonly basePath: string;
  private readonly auth: Auth;
  private readonly table: AgentTable;
  private readonly faults = new Faults<FaultMatch, OwnHaloFault | Delay>(haloFaultAnswer);
  private readonly listeners = new Set<() => void>();
  private readonly app: ReturnType<typeof routes>;

  constructor(options: LocalHaloOptions) {
    const { tenant, basePath = '', preset = 'usual', now = Date.now } = options;
    const { quirks, faults } = presets[preset];
    this.basePath = basePath;
    this.quirks = { ...usualQuirks(), ...structuredClone(quirks) };
    this.lists = listsOf(options);
    this.auth = new Auth({ ...options, now, lists: this.lists, quirks: this.quirks });
    this.table = new AgentTable(this.lists, this.quirks);
    const rate = new RateLimit();
    this.app = routes({
      tenant,
      basePath,
      auth: this.auth,
      table: this.table,
      lists: this.lists,
      quirks: this.quirks,
      refuseByRate: () => rate.refuse(this.quirks.rateLimit, now()),
    });
    for (const { match, fault, times } of faults) this.fail(match, fault, times);
  }

  /** Named licences, used or not. */
  get licences(): number {
    return this.lists.settings.licences;
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
    const path = pathWithin(this.basePath, call.path) ?? '';
    const fault = this.faults.take((match) => matchesCall(match, call.method, path));
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

  /** As if somebody clicked. @throws when there is no such agent */
  changeAgent(id: number, fields: Partial<StoredAgent>): void {
    this.table.change(id, fields);
    this.changed();
  }

  /** As if somebody clicked. @throws when there is no such agent */
  deleteAgent(id: number): void {
    this.table.remove(id);
    this.changed();
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

function listsOf({ clientId, preset = 'usual', licences, seed }: LocalHaloOptions): Seed {
  const lists = { ...structuredClone(defaultSeed), ...seed };
  const own = {
    clientId,
    displayName: 'neo-setup',
    grant_type: 'client_credentials',
    inactive: false,
    loginas_agent_id: 3,
    scopes: ['all'],
  };
  const isThere = lists.applications.some((application) => application.clientId === clientId);
  return {
    ...lists,
    applications: isThere ? lists.applications : [own, ...lists.applications],
    settings: { ...lists.settings, ...presets[preset].settings, ...(licences !== undefined && { licences }) },
  };
}
