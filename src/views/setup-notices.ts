import { fieldOf, labelOf, type FieldId } from '../fields/index.ts';
import type { HaloError } from '../halo/errors.ts';
import type { FormProblem } from '../requests/draft.ts';
import type { Policy, Quorum } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { explainInSlack } from './halo-errors.ts';
import { lookalikeWarnings } from './plan-rows.ts';
import { problemText } from './read-setup-modal.ts';
import { escape, mention, moment } from './text.ts';

export type HaloFacts = {
  /** Why the last look at HaloPSA failed, if it did. */
  failure: HaloError | undefined;
  /** What HaloPSA was asked for and has not answered so far. */
  reading: readonly string[];
  /** Epoch milliseconds of the oldest list. Undefined: at least one list was never read. */
  listsFrom: number | undefined;
  /** Undefined: HaloPSA doesn’t say. */
  licences: { free: number; all: number } | undefined;
  /** The name of the instance, and its version. Undefined: HaloPSA doesn’t say. */
  instance: string | undefined;
  version: string | undefined;
  /** It may have agents that it does not show. */
  mayHideAgents: boolean;
};

/** One line of mrkdwn above the form's fields. `isAlert`: something is known to be in the way, or must not be overlooked. */
export type Notice = { text: string; isAlert: boolean };

const alert = (text: string): Notice => ({ text, isAlert: true });
const hint = (text: string): Notice => ({ text, isAlert: false });

/** What the requester should know before submitting. `closed`: the card’s channel, when the bot is not in it. */
export function setupNotices(halo: HaloFacts, closed: string | undefined): Notice[] {
  return [
    ...(closed === undefined
      ? []
      : [
          alert(
            `*I’m not in <#${closed}>:* invite me there with \`/invite @Neo Setup\`, or I can’t post this request.`,
          ),
        ]),
    ...haloNotice(halo),
    ...(halo.reading.length === 0 ? [] : [stillReading(halo.reading)]),
    ...(halo.mayHideAgents ? [hiddenAgents] : []),
    licenceNotice(halo.licences),
  ];
}

function stillReading(names: readonly string[]): Notice {
  return hint(`Still loading from HaloPSA: ${names.join(', ')}. You can fill in the rest now.`);
}

const hiddenAgents = alert(
  '*HaloPSA may not list all of its agents,* so one with this name or email address may already exist. After the approval I’ll stop, so that an approver can look and confirm.',
);

/** What the name and the address look like that the form opens with. */
export function lookalikeNotices(resembles: Request['resembles']): Notice[] {
  return lookalikeWarnings(resembles).map((warning) => alert(escape(warning)));
}

/** The name or the address that the form opens with is taken: nobody has to submit it to hear so. */
export function takenNotices(taken: ReadonlyMap<FieldId, FormProblem>): Notice[] {
  return [...taken].map(([id, problem]) =>
    alert(`*Choose another ${labelOf(id)}.* ${escape(problemText(problem, fieldOf(id)))}`),
  );
}

const maxNamed = 10;

/** Who could approve this now. */
export function quorumNotice(quorum: Quorum, { approvalsRequired }: Policy): Notice {
  if (quorum.kind === 'unknown')
    return hint('I’m still checking with Slack who can approve this. You can submit it in the meantime.');
  if (quorum.kind === 'solo')
    return alert(
      `*You’re the only approver.* This is announced in the channel and goes ahead after ${duration(quorum.delayMs)}, unless someone stops it. It’s marked as not approved by a second person.`,
    );
  const { others } = quorum;
  const named = others.slice(0, maxNamed).map((id) => mention(id));
  if (quorum.kind === 'enough') {
    const more = others.length - named.length;
    const rest =
      quorum.more > 0 ? ` and up to ${more + quorum.more} more` : more > 0 ? ` and ${more} more` : '';
    const count = quorum.more > 0 ? '' : ` (${others.length})`;
    return hint(
      `Approvers${count}: ${named.join(', ')}${rest} (any ${approvalsRequired === 1 ? 'one' : approvalsRequired})`,
    );
  }
  const needed = approvalsRequired === 1 ? 'one approver' : `${approvalsRequired} approvers`;
  const only = named.length === 0 ? 'nobody but you' : `only ${named.join(', ')}`;
  return alert(
    `*Too few people can approve this:* it needs ${needed} other than you, and ${only} can. Ask whoever runs this app to add approvers.`,
  );
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
  return `Signed in to HaloPSA${name}, ${version === undefined ? 'version unknown' : `version ${escape(version)}`}`;
}

/** Can we sign in, and to what. Before the first answer nothing is said. */
function haloNotice({ failure, listsFrom, instance, version }: HaloFacts): Notice[] {
  if (failure === undefined) return listsFrom === undefined ? [] : [hint(`${signedIn(instance, version)}.`)];
  const { what, next } = explainInSlack(failure);
  const lists =
    listsFrom === undefined
      ? 'Some lists below are empty.'
      : `The lists below are from ${moment(listsFrom)}.`;
  return [alert(`*${what}.* ${lists} ${next}`)];
}

function licenceNotice(licences: HaloFacts['licences']): Notice {
  if (licences === undefined)
    return hint('Named licences: HaloPSA doesn’t say how many are free. The agent takes one.');
  const { free, all } = licences;
  if (free > 0) return hint(`Named licences: ${free} of ${all} are free. The agent takes one.`);
  return alert(
    `*No named licence is free* (${all} of ${all} in use): HaloPSA may reject the agent. Free up or buy one first.`,
  );
}
