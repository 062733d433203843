import type { Button } from '@slack/types';
import { fields, labelOf } from '../fields/index.ts';
import type { AgentDetails, Agent } from '../halo/agents.ts';
import type { HaloError } from '../halo/errors.ts';
import type { Request } from '../requests/request.ts';
import { applicationRows, type ApplicationCheck } from './application-check.ts';
import { driftButtons } from './drift.ts';
import { explainInSlack } from './halo-errors.ts';
import { actionIds } from './ids.ts';
import { decidedBy } from './state-text.ts';
import { buttons, heading, kept, message, paragraph, small, table, words, type Message } from './message.ts';
import { cut } from '../text/cut.ts';
import { visible } from '../text/visible.ts';
import { escape, mention, plain, requestName, type Row } from './text.ts';

/** An agent that this app did not set up: what HaloPSA says of it, and the comparison for whoever wants it. */
export function agentFacts(agent: AgentDetails): Message {
  const { id } = agent;
  const title = titleOf(agent);
  const facts = [
    emailRow(agent),
    ...toldOf(agent).map(({ label, value }) => ({ label, value: value ?? unsaid })),
  ];
  const origin = 'This app didn’t set it up.';
  const compare: Button = {
    type: 'button',
    action_id: actionIds.compareWithGuide,
    text: plain('Compare with the guide', 75),
    accessibility_label: `Compare with the guide: agent ${id}`,
    value: String(id),
  };
  return message([
    heading(title),
    kept(table(facts)),
    small(origin),
    buttons({ type: 'actions', elements: [compare, likeButton(agent)] }),
  ]);
}

/** Opens the form filled with what HaloPSA reports of this agent. */
function likeButton({ id, name }: AgentDetails): Button {
  return {
    type: 'button',
    action_id: actionIds.requestLike,
    text: plain('Request one like this', 75),
    accessibility_label: cut(`Request one like this: ${visible(name ?? `agent ${id}`)}`, 75),
    value: String(id),
  };
}

const unsaid = 'HaloPSA doesn’t say';

function titleOf({ name = 'Agent without a name', id }: AgentDetails): string {
  return `${name} (agent ID ${id})`;
}

/** The address is how an agent is recognised: it stands first, whatever the guide says. */
function emailRow({ email }: AgentDetails): Row {
  return { label: labelOf('email'), value: email === undefined || email === '' ? unsaid : email };
}

type Told = { label: string; value: string | undefined; isAsGuide: boolean | undefined };

/** What HaloPSA says of the agent besides its name and address. `isAsGuide`: undefined where the guide leaves it open. */
function toldOf(agent: AgentDetails): Told[] {
  return fields.flatMap(({ id, label, reported, status, asGuide }) => {
    const value = typeof status === 'function' ? status(agent) : reported(agent);
    const isMentioned = id !== 'name' && id !== 'email' && (status !== 'if_reported' || Boolean(value));
    return isMentioned ? [{ label, value: value === '' ? 'none' : value, isAsGuide: asGuide?.(agent) }] : [];
  });
}

/** An agent against the guide's check-list, and the next step of Neo's set-up. */
export function agentAnswer(
  agent: AgentDetails,
  madeBy: Request | undefined,
  application: ApplicationCheck,
): Message {
  const title = titleOf(agent);
  const judged = toldOf(agent).filter(({ isAsGuide }) => isAsGuide !== undefined);
  const checks = judged.map(({ label, value, isAsGuide }) => ({
    label,
    value: value === undefined ? unsaid : isAsGuide ? `✓ ${value}` : `${value} (not as Neo’s guide says)`,
  }));
  const facts = [emailRow(agent), ...checks];
  const good = judged.every(({ value, isAsGuide }) => value !== undefined && isAsGuide);
  const lead = good ? '✓ The agent is ready for Neo.' : 'Needs attention:';
  const origin =
    madeBy === undefined
      ? 'This app didn’t set it up.'
      : `Set up by ${requestName(madeBy)}, requested by ${mention(madeBy.requester)}. ${decidedBy(madeBy, 'Approved')}.`;
  const next = applicationRows(application);
  return message([
    heading(title),
    kept(paragraph(lead)),
    kept(table(facts)),
    small(origin),
    paragraph(next.lead),
    ...(next.rows.length === 0 ? [] : [table(next.rows)]),
    buttons({
      type: 'actions',
      elements: [...(madeBy === undefined ? [] : driftButtons(agent.id, madeBy)), likeButton(agent)],
    }),
  ]);
}

/** Several agents: which one is meant? */
export function agentsAnswer(agents: readonly Agent[], all: number): Message {
  const more = all > agents.length ? `…and ${all - agents.length} more.` : undefined;
  const list = agents.map(({ id, name, email, isdisabled, isapiagent }) => {
    const kinds = [isdisabled && 'disabled', isapiagent && 'API-only'].filter(Boolean).join(', ');
    return `• ID *${id ?? 'unknown'}*: ${escape(name ?? 'without a name')} ${escape(email ?? '')}${kinds && ` (${kinds})`}`;
  });
  const lines = [`${all} agents match. To see one, type \`/neo-status\` and its ID.`, ...list];
  return words([...lines, ...(more === undefined ? [] : [more])].join('\n'));
}

/** HaloPSA did not answer a question about an agent. Nothing was to be changed, so nothing was. */
export function haloDidNotAnswer(error: HaloError, reference: string): Message {
  const { what, next } = explainInSlack(error);
  return words(`${what}. ${next} Reference: \`${reference}\``);
}
