import type { HaloError } from '../halo/errors.ts';
import type { Policy, Quorum } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { explainHalo } from './halo-errors.ts';
import { lookalikeWarnings } from './plan-rows.ts';
import { escape, mention, moment } from './text.ts';

export type HaloFacts = {
  /** Why the last look at HaloPSA failed, if it did. */
  failure: HaloError | undefined;
  /** What HaloPSA was asked for and has not answered so far. */
  reading: readonly string[];
  /** Epoch milliseconds of the oldest list. Undefined: at least one list was never read. */
  listsFrom: number | undefined;
  /** Undefined: HaloPSA does not say. */
  licences: { free: number; all: number } | undefined;
  /** The name of the instance, and its version. Undefined: HaloPSA does not say. */
  instance: string | undefined;
  version: string | undefined;
  /** It may have agents that it does not show. */
  mayHideAgents: boolean;
};

/** What the requester should know before submitting. One line of mrkdwn each. `closed`: the card’s channel, when the bot is not in it. */
export function setupNotices(halo: HaloFacts, closed: string | undefined): string[] {
  return [
    ...(closed === undefined
      ? []
      : [
          `*I am not in <#${closed}>:* invite me there with \`/invite @Neo Setup\`, or the card cannot be posted.`,
        ]),
    ...haloNotice(halo),
    ...(halo.reading.length === 0 ? [] : [stillReading(halo.reading)]),
    ...(halo.mayHideAgents ? [hiddenAgents] : []),
    licenceNotice(halo.licences),
  ];
}

function stillReading(names: readonly string[]): string {
  return `Still reading from HaloPSA: ${names.join(', ')}. What has come can be chosen already.`;
}

const hiddenAgents =
  '*HaloPSA may not show me all of its agents,* so I can’t rule out that one with this name or email address is there already. An approver will be asked to look before the agent is created.';

/** What the name and the address look like that the form opens with. */
export function lookalikeNotices(resembles: Request['resembles']): string[] {
  return lookalikeWarnings(resembles).map((warning) => `*Warning:* ${escape(warning)}`);
}

const maxNamed = 10;

/** Who could approve this now. */
export function quorumNotice(quorum: Quorum, { approvalsRequired }: Policy): string[] {
  if (quorum.kind === 'unknown')
    return ['I’m still asking Slack who may approve this. You can submit it meanwhile.'];
  if (quorum.kind === 'solo')
    return [
      `*Nobody else may approve this now.* You are the only approver, so it is announced in the channel and carried out after ${duration(quorum.delayMs)}, unless somebody stops it; and it is marked as not approved by a second person.`,
    ];
  const { others } = quorum;
  const named = others.slice(0, maxNamed).map((id) => mention(id));
  const needed = approvalsRequired === 1 ? 'One of them must.' : `${approvalsRequired} of them must.`;
  if (quorum.kind === 'enough') {
    const more = others.length - named.length;
    const rest =
      quorum.more > 0 ? ` and up to ${more + quorum.more} more` : more > 0 ? ` and ${more} more` : '';
    const count = quorum.more > 0 ? '' : ` (${others.length})`;
    return [`Could approve this now${count}: ${named.join(', ')}${rest}. ${needed}`];
  }
  const only = named.length === 0 ? 'Nobody but you' : `Only ${named.join(', ')}`;
  return [
    `*This cannot be approved:* ${only} could approve it now, and ${approvalsRequired} other than you must. Ask whoever runs this bot to name more approvers (NEO_APPROVERS).`,
  ];
}

/** `72 hours`, `15 minutes`: the largest unit that says it exactly. */
function duration(ms: number): string {
  const units: [number, string][] = [
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ];
  const [unitMs, unit] = units.find(([each]) => ms % each === 0) ?? [1_000, 'second'];
  const count = Math.round(ms / unitMs);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function signedIn(instance: string | undefined, version: string | undefined): string {
  const name = instance === undefined ? '' : ` instance ${escape(instance)}`;
  return `Signed in to HaloPSA${name}, ${version === undefined ? 'which does not tell its version' : `version ${escape(version)}`}`;
}

/** Can we sign in, and to what. Before the first answer nothing is said. */
function haloNotice({ failure, listsFrom, instance, version }: HaloFacts): string[] {
  if (failure === undefined) return listsFrom === undefined ? [] : [`${signedIn(instance, version)}.`];
  const { what, next } = explainHalo(failure);
  const lists =
    listsFrom === undefined
      ? 'Some lists below are empty.'
      : `The lists below are from ${moment(listsFrom)}.`;
  return [`*${what}.* ${lists} ${next}`];
}

function licenceNotice(licences: HaloFacts['licences']): string {
  if (licences === undefined)
    return 'Named licences: HaloPSA does not say how many are free. The agent takes one.';
  const { free, all } = licences;
  if (free > 0) return `Named licences: ${free} of ${all} are free. The agent takes one.`;
  return `*No named licence is free* (${all} of ${all} in use): HaloPSA may refuse the agent. Free one or buy one first.`;
}
