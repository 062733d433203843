import type { Button } from '@slack/types';
import type { AgentDetails, Agent } from '../halo/agents.ts';
import type { HaloError } from '../halo/errors.ts';
import type { Request } from '../requests/request.ts';
import { applicationRows, type ApplicationCheck } from './application-check.ts';
import { driftButtons } from './drift.ts';
import { explainHalo } from './halo-errors.ts';
import { actionIds } from './ids.ts';
import { decidedBy } from './request-card.ts';
import { buttons, heading, kept, message, paragraph, small, table, words, type Message } from './message.ts';
import { escape, mention, plain, requestName } from './text.ts';

/** `teamNames`: its teams as a person reads them. */
type Shown = { agent: AgentDetails; teamNames: readonly string[] };

/** An agent that this app did not set up: what HaloPSA says of it, and the comparison for whoever wants it. */
export function agentFacts(shown: Shown): Message {
  const { agent } = shown;
  const { id, roles } = agent;
  const title = titleOf(agent);
  const facts = [
    { label: 'Email Address', value: emailOf(agent) },
    {
      label: 'Roles',
      value: roles === undefined ? unsaid : roles.map((role) => role.name ?? role.id).join(', ') || 'none',
    },
    ...checkList(shown).map(({ label, ok, value }) => ({ label, value: ok === undefined ? unsaid : value })),
    ...(agent.team ? [{ label: 'Default team', value: agent.team }] : []),
  ];
  const origin = 'It was not set up by this app.';
  const compare: Button = {
    type: 'button',
    action_id: actionIds.compareWithGuide,
    text: plain('Compare with the guide', 75),
    accessibility_label: `Compare agent ${id} with Neo’s set-up guide`,
    value: String(id),
  };
  return message([
    heading(title),
    kept(table(facts)),
    small(origin),
    buttons({ type: 'actions', elements: [compare] }),
  ]);
}

const unsaid = 'HaloPSA does not say';

function titleOf({ name = 'Agent without a name', id }: AgentDetails): string {
  return `${name} (agent ID ${id})`;
}

function emailOf({ email }: AgentDetails): string {
  return email === undefined || email === '' ? unsaid : email;
}

/** An agent against the guide's check-list, and the next step of Neo's set-up. */
export function agentAnswer(
  shown: Shown,
  madeBy: Request | undefined,
  application: ApplicationCheck,
): Message {
  const { agent } = shown;
  const title = titleOf(agent);
  const all = checkList(shown);
  const checks = all.map(({ label, ok, value }) => ({
    label,
    value: `${value} – ${ok === undefined ? unsaid : ok ? 'as the guide says' : 'not as the guide says'}`,
  }));
  const facts = [{ label: 'Email Address', value: emailOf(agent) }, ...checks];
  const good = all.every(({ ok }) => ok === true);
  const lead = good
    ? 'Neo Agent can work with this agent.'
    : 'Something is not as the guide says: see below.';
  const origin =
    madeBy === undefined
      ? 'It was not set up by this app.'
      : `Set up by ${requestName(madeBy)}, asked for by ${mention(madeBy.requester)}. ${decidedBy(madeBy, 'Approved')}.`;
  const next = applicationRows(application);
  return message([
    heading(title),
    kept(paragraph(lead)),
    kept(table(facts)),
    small(origin),
    paragraph(next.lead),
    ...(next.rows.length === 0 ? [] : [table(next.rows)]),
    ...(madeBy === undefined ? [] : [buttons(driftButtons(agent.id, madeBy))]),
  ]);
}

type Check = { label: string; ok: boolean | undefined; value: string };

function checkList({ agent, teamNames }: Shown): Check[] {
  const { isdisabled, isapiagent, teams, workday_id: workdayId, timezone } = agent;
  return [
    {
      label: 'Account Active',
      ok: isdisabled === undefined ? undefined : !isdisabled,
      value: yesNo(isdisabled, true),
    },
    {
      label: 'Is an API-only Agent',
      ok: isapiagent === undefined ? undefined : !isapiagent,
      value: yesNo(isapiagent),
    },
    {
      label: 'Teams',
      ok: teams && teams.length > 0,
      value: teamNames.join(', ') || 'none',
    },
    {
      label: 'Working Hours',
      ok: workdayId === undefined ? undefined : workdayId > 0,
      value: agent.workday_name ?? (workdayId ? `workday ${workdayId}` : 'none'),
    },
    {
      label: 'Timezone',
      ok: timezone === undefined ? undefined : timezone !== '',
      value: named(timezone),
    },
  ];
}

function named(name: string | undefined): string {
  return name === undefined || name === '' ? 'none' : name;
}

function yesNo(value: boolean | undefined, inverted = false): string {
  if (value === undefined) return 'unknown';
  return value !== inverted ? 'Yes' : 'No';
}

/** Several agents: which one is meant? */
export function agentsAnswer(agents: readonly Agent[], all: number): Message {
  const more = all > agents.length ? `…and ${all - agents.length} more.` : undefined;
  const list = agents.map(({ id, name, email, isdisabled, isapiagent }) => {
    const kinds = [isdisabled && 'disabled', isapiagent && 'API-only'].filter(Boolean).join(', ');
    return `• ID *${id ?? 'unknown'}*: ${escape(name ?? 'without a name')} ${escape(email ?? '')}${kinds && ` (${kinds})`}`;
  });
  const lines = [`${all} agents match. \`/neo-status\` with an ID shows one of them.`, ...list];
  return words([...lines, ...(more === undefined ? [] : [more])].join('\n'));
}

/** HaloPSA did not answer a question about an agent. Nothing was to be changed, so nothing was. */
export function haloDidNotAnswer(error: HaloError, reference: string): Message {
  const { what, next } = explainHalo(error);
  return words(`${what}, so I can’t tell. ${next} Reference: \`${reference}\``);
}
