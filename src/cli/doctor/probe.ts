import { fields, generated } from '../../fields/index.ts';
import { listAgents, type AgentDetails, type AgentFields } from '../../halo/agents.ts';
import { readChoices, type Choices } from '../../halo/choices.ts';
import { getControl } from '../../halo/control.ts';
import { HaloError } from '../../halo/errors.ts';
import { getInstanceInfo } from '../../halo/instance-info.ts';
import type { Plan } from '../../requests/plan.ts';
import { agentFields, merged } from '../../provisioning/read-back.ts';
import { explainHalo } from '../../views/halo-errors.ts';
import type { Shape } from './observed-halo.ts';
import {
  makeAgent,
  removeAgents,
  type Create,
  type Made,
  type Probing,
  type Removal,
} from './probe-agent.ts';
import { learnFields, type Learned } from './probe-fields.ts';
import { probePlan } from './probe-plan.ts';

/** What is learned of a build of HaloPSA. No name, address or id of the tenant, so that it may be shown around. */
export type ProbeReport = {
  haloVersion: string | undefined;
  listShape: Shape | undefined;
  creates: Create[];
  readsAfterCreate: number | undefined;
  fields: Learned['fields'];
  removal: Removal | undefined;
  /** By the key of a field: in which forms HaloPSA writes it, of the agent as it ended and of the tenant's lists. */
  [forms: string]: unknown;
};

/** `told`: what the operator must know. `isWell`: all was learned, and nothing is left in HaloPSA. */
export type Probed = { report: ProbeReport | undefined; told: string[]; isWell: boolean };

/** Creates one disabled agent, learns what HaloPSA keeps of it, and deletes it. `mark`: random, for its name. */
export async function probe(probing: Probing, at: Date, mark: string): Promise<Probed> {
  const before = await readBefore(probing, at, mark);
  if ('told' in before) return { report: undefined, told: [before.told], isWell: false };
  const { plan, secrets, choices, report } = before;
  const { name, email } = plan;
  const full = merged([agentFields(plan), secrets]);
  const made = await makeAgent(probing, full, { name, email, isdisabled: true, ...secrets });
  report.creates = made.creates;
  if (made.id === undefined) return { report, told: [notMade(made, name)], isWell: false };
  const told: string[] = [];
  try {
    const sent = made.creates.at(-1)?.sent ?? [];
    const learned = await learnFields(probing, plan, { id: made.id, sent });
    report.readsAfterCreate = learned.readsAfterCreate;
    report.fields = learned.fields;
    Object.assign(report, formsOf(learned.agent, choices));
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    told.push(`The probe is incomplete: ${explainHalo(error).what}.`);
  } finally {
    const { removal, left } = await removeAgents(probing, plan, made);
    report.removal = removal;
    told.push(...left.map((id) => byHand(name, id)));
  }
  return { report, told, isWell: told.length === 0 };
}

type Before = { plan: Plan; secrets: AgentFields; choices: Choices; report: ProbeReport };

function formsOf(agent: AgentDetails | undefined, choices: Choices): Record<string, unknown> {
  const all = fields.flatMap(({ forms }) =>
    forms === undefined ? [] : [[forms.key, forms.of(agent, choices)] as const],
  );
  return Object.fromEntries(all);
}

async function readBefore(
  { http, firstShape }: Probing,
  at: Date,
  mark: string,
): Promise<Before | { told: string }> {
  try {
    const { app_version: haloVersion } = await getInstanceInfo(http);
    await listAgents(http);
    const listShape = firstShape('/api/Agent');
    const choices = await readChoices(http);
    const control = await getControl(http);
    const plan = probePlan(choices, at, mark);
    if (plan === undefined)
      return { told: 'Nothing was created: the probe needs a role, a team and working hours in HaloPSA.' };
    return {
      plan,
      secrets: merged(generated.map(({ send }) => send(control))),
      choices,
      report: {
        haloVersion,
        listShape,
        creates: [],
        readsAfterCreate: undefined,
        fields: {},
        removal: undefined,
        ...formsOf(undefined, choices),
      },
    };
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    const { what, next } = explainHalo(error);
    return { told: `Nothing was created. ${what}. ${next}` };
  }
}

function notMade({ error, ...made }: Extract<Made, { id: undefined }>, name: string): string {
  if (made.mayExist) return byHand(name, undefined);
  if (error === undefined) return 'Nothing was created.';
  const { what, next } = explainHalo(error);
  const detail = error.detail === undefined ? '' : `: ${error.detail}`;
  return `No agent was created, and HaloPSA’s list shows none. ${what}${detail}. ${next}`;
}

function byHand(name: string, id: number | undefined): string {
  const where = 'in HaloPSA under Configuration → Teams & Agents → Agents (show disabled agents)';
  return id === undefined
    ? `CHECK MANUALLY ${where}: HaloPSA didn’t confirm whether it created the agent “${name}”. If it’s there, delete it.`
    : `DELETE MANUALLY ${where}: the agent “${name}”, ID ${id}. The deletion couldn’t be confirmed.`;
}
