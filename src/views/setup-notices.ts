import type { HaloError } from '../halo/errors.ts';
import { explainHalo } from './halo-errors.ts';
import { escape, moment } from './text.ts';

export type HaloFacts = {
  /** Why the last look at HaloPSA failed, if it did. */
  failure: HaloError | undefined;
  /** Epoch milliseconds of the oldest list. Undefined: at least one list was never read. */
  listsFrom: number | undefined;
  /** Undefined: HaloPSA does not say. */
  licences: { free: number; all: number } | undefined;
  /** The name of the instance, and its version. Undefined: HaloPSA does not say. */
  instance: string | undefined;
  version: string | undefined;
};

/** What the requester should know before submitting. One line of mrkdwn each. */
export function setupNotices(halo: HaloFacts, botIsInChannel: boolean, channel: string): string[] {
  return [
    ...(botIsInChannel
      ? []
      : [
          `*I am not in <#${channel}>:* invite me there with \`/invite @Neo Setup\`, or the card cannot be posted.`,
        ]),
    ...haloNotice(halo),
    licenceNotice(halo.licences),
  ];
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
