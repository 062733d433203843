import { changedAgent, honoured } from './agent-changes.ts';
import { blankAgent, takesLicence, type StoredAgent } from './agents.ts';
import type { HaloQuirks } from './quirks.ts';
import { Refusal } from './refusals.ts';
import type { Seed } from './seed.ts';
import type { WireAgent } from './wire-agent.ts';

export type AgentFilter = {
  includeDisabled: boolean;
  includeApiAgents: boolean;
  search: string;
  /** A further page of a list that was begun: it belongs to the same look. */
  isFurther?: boolean;
};

/** The agents that HaloPSA holds, in the order of their making. */
export class AgentTable {
  private rows: StoredAgent[] = [];
  private lastId = 0;
  /** What reads still show of an agent that was written. Undefined: they do not show it at all. */
  private readonly late = new Map<number, { shown: StoredAgent | undefined; readsLeft: number }>();
  private readonly lists: Seed;
  private readonly quirks: HaloQuirks;

  constructor(lists: Seed, quirks: HaloQuirks) {
    this.lists = lists;
    this.quirks = quirks;
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
    this.rows.push(agent);
    return agent;
  }

  /** As `add`, of an agent that is there. @throws {Refusal} 404 */
  change(id: number, fields: Partial<StoredAgent>): void {
    const changed = { ...this.find(id), ...fields };
    this.rows = this.rows.map((agent) => (agent.id === id ? changed : agent));
  }

  /** Disabled and API-only agents are left out, each unless asked for; the search is a loose one. */
  list({ includeDisabled, includeApiAgents, search, isFurther = false }: AgentFilter): StoredAgent[] {
    const wanted = search.toLowerCase();
    return this.rows
      .flatMap((agent) => (isFurther ? this.lookedAt(agent) : this.shown(agent)) ?? [])
      .filter(
        (agent) =>
          (includeDisabled || !agent.isdisabled) &&
          (includeApiAgents || !agent.isapiagent) &&
          `${agent.name}\n${agent.email}`.toLowerCase().includes(wanted),
      );
  }

  /** @throws {Refusal} 404 */
  read(id: number): StoredAgent {
    const agent = this.shown(this.find(id));
    if (agent === undefined) throw new Refusal(404);
    return agent;
  }

  /** Creates without an id, always, whatever exists; changes the given fields with one. @throws {Refusal} */
  write(wire: WireAgent): StoredAgent {
    const { forceOnCreate, lagReads, staleReads } = this.quirks;
    const isNew = wire.id === undefined;
    const before = isNew ? this.newAgent() : this.find(wire.id);
    const changed = changedAgent(before, honoured(wire, this.quirks), this.lists, this.quirks);
    const after = this.licensed(
      isNew ? { ...changed, ...forceOnCreate } : changed,
      !isNew && takesLicence(before),
    );
    const readsLeft = isNew ? lagReads : staleReads;
    if (readsLeft > 0) this.late.set(after.id, { shown: isNew ? undefined : before, readsLeft });
    if (isNew) return this.add(after);
    this.rows = this.rows.map((agent) => (agent.id === after.id ? after : agent));
    return after;
  }

  /** The id is not given again. @throws {Refusal} 404 */
  remove(id: number): StoredAgent {
    const agent = this.find(id);
    this.rows = this.rows.filter((one) => one !== agent);
    return agent;
  }

  /** How HaloPSA refuses an agent for want of a licence is not known; the words are ours. @throws {Refusal} */
  private licensed(agent: StoredAgent, hasOne: boolean): StoredAgent {
    const isShort = !hasOne && takesLicence(agent) && this.licencesUsed >= this.lists.settings.licences;
    if (!isShort) return agent;
    if (this.quirks.withoutLicence === 'disable') return { ...agent, isdisabled: true };
    throw Refusal.rule('There are no licences available to create this agent');
  }

  private newAgent(): StoredAgent {
    const { roles, teams } = this.quirks.newAgentsHave;
    return {
      ...blankAgent(this.lastId + 1),
      roles: this.lists.roles
        .filter(({ name }) => roles.includes(name))
        .map(({ id, name }) => ({ id, name })),
      teams: this.lists.teams.filter(({ name }) => teams.includes(name)),
    };
  }

  private find(id: number | undefined): StoredAgent {
    const agent = this.rows.find((one) => one.id === id);
    if (agent === undefined) throw new Refusal(404);
    return agent;
  }

  /** Counts the read. Undefined: this read does not show it. */
  private shown(agent: StoredAgent): StoredAgent | undefined {
    const shown = this.lookedAt(agent);
    const late = this.late.get(agent.id);
    if (late !== undefined) {
      late.readsLeft -= 1;
      if (late.readsLeft === 0) this.late.delete(agent.id);
    }
    return shown;
  }

  /** The same without counting it as a read. */
  private lookedAt(agent: StoredAgent): StoredAgent | undefined {
    const late = this.late.get(agent.id);
    return late === undefined ? agent : late.shown;
  }
}
