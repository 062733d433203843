import { blankAgent, changedAgent, honoured, takesLicence, type StoredAgent } from './agents.ts';
import type { HaloQuirks } from './quirks.ts';
import { Refusal } from './refusals.ts';
import type { Seed } from './seed.ts';
import type { WireAgent } from './wire-agent.ts';

export type AgentFilter = { includeDisabled: boolean; includeApiAgents: boolean; search: string };

/** The agents that HaloPSA holds, in the order of their making. */
export class AgentTable {
  private rows: StoredAgent[] = [];
  private lastId = 0;
  /** Reads that a new agent stays hidden from. */
  private readonly hidden = new Map<number, number>();
  private readonly lists: Seed;
  private readonly quirks: HaloQuirks;
  private readonly licences: number;

  constructor(lists: Seed, quirks: HaloQuirks, licences: number) {
    this.lists = lists;
    this.quirks = quirks;
    this.licences = licences;
    for (const agent of lists.agents) this.add(agent);
  }

  get all(): readonly StoredAgent[] {
    return this.rows;
  }

  get licencesUsed(): number {
    return this.rows.filter(takesLicence).length;
  }

  /** As if somebody clicked: without the rules of the API. */
  add(fields: Partial<StoredAgent> & { name: string }): StoredAgent {
    const agent = { ...blankAgent(this.lastId + 1), ...fields };
    this.lastId = Math.max(this.lastId, agent.id);
    this.rows = [...this.rows, agent];
    return agent;
  }

  /** Disabled and API-only agents are left out, each unless asked for; the search is a loose one. */
  list({ includeDisabled, includeApiAgents, search }: AgentFilter): StoredAgent[] {
    const wanted = search.toLowerCase();
    return this.rows.filter(
      (agent) =>
        this.isShown(agent.id) &&
        (includeDisabled || !agent.isdisabled) &&
        (includeApiAgents || !agent.isapiagent) &&
        `${agent.name}\n${agent.email}`.toLowerCase().includes(wanted),
    );
  }

  /** @throws {Refusal} 404 */
  read(id: number): StoredAgent {
    const agent = this.find(id);
    if (!this.isShown(id)) throw new Refusal(404);
    return agent;
  }

  /** Creates without an id, always, whatever exists; changes the given fields with one. @throws {Refusal} */
  write(wire: WireAgent): StoredAgent {
    const isNew = wire.id === undefined;
    const before = isNew ? blankAgent(this.lastId + 1) : this.find(wire.id);
    const after = changedAgent(before, honoured(wire, this.quirks), this.lists);
    const needsLicence = takesLicence(after) && (isNew || !takesLicence(before));
    if (needsLicence && this.licencesUsed >= this.licences)
      throw Refusal.rule('There are no licences available to create this agent');
    if (!isNew) {
      this.rows = this.rows.map((agent) => (agent.id === after.id ? after : agent));
      return after;
    }
    if (this.quirks.lagReads > 0) this.hidden.set(after.id, this.quirks.lagReads);
    return this.add(after);
  }

  /** The id is not given again. @throws {Refusal} 404 */
  remove(id: number): StoredAgent {
    const agent = this.find(id);
    this.rows = this.rows.filter((one) => one !== agent);
    return agent;
  }

  private find(id: number | undefined): StoredAgent {
    const agent = this.rows.find((one) => one.id === id);
    if (agent === undefined) throw new Refusal(404);
    return agent;
  }

  private isShown(id: number): boolean {
    const readsLeft = this.hidden.get(id) ?? 0;
    if (readsLeft > 0) this.hidden.set(id, readsLeft - 1);
    return readsLeft === 0;
  }
}
