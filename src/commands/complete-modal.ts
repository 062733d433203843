import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { WebClient } from '@slack/web-api';
import { choicesIn } from '../halo/directory.ts';
import { licencesFree } from '../halo/instance-info.ts';
import { lookalikesIn, takenIn } from '../requests/draft.ts';
import { mayRequest, quorumFor } from '../requests/policy.ts';
import type { ChannelFacts } from '../slack/channels.ts';
import { noticeModal } from '../views/notice-modal.ts';
import { channelIsShared, channelUnknown, needsAChannel } from '../views/help.ts';
import { cannotCheck, requestRefusal } from '../views/refusals.ts';
import { hasDefaults, identityShown, setupModal, type SetupModalFacts } from '../views/setup-modal.ts';
import {
  lookalikeNotices,
  quorumNotice,
  setupNotices,
  takenNotices,
  type HaloFacts,
} from '../views/setup-notices.ts';
import { whoIs } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { otherRequests } from './other-requests.ts';
import { redrawView } from '../actions/open-views.ts';
import { notIdentified, recordRefused } from '../actions/refused.ts';

type OpenModal = {
  viewId: string;
  userId: string;
  /** Epoch milliseconds. */
  openedAt: number;
  facts: SetupModalFacts;
  /** Is it the form that stands there? Else a word that stands in for it. */
  isDrawn: boolean;
};

/** Lists younger than this are good enough for a form. */
const freshForMs = 60_000;
/** Lists that take longer are told of as still being read, in milliseconds. */
const quickMs = 3_000;
/** After this somebody may have chosen something already: defaults are left out then. */
const defaultInTimeMs = 2_000;

/** Draws the open form again: first with what Slack says of the requester and the channel, then with HaloPSA's news. */
export async function completeModal(deps: Dependencies, client: WebClient, modal: OpenModal): Promise<void> {
  const { config, directory, now, quiet } = deps;
  const { channel } = modal.facts;
  await quiet();
  let isPlaceKnown = channel === undefined;
  const asked = channel === undefined ? undefined : factsSoon(deps, channel);
  void asked?.then(() => {
    isPlaceKnown = true;
  });
  const approvers = deps.roster.currentSoon(quickMs);
  const person = await whoIs(deps, { id: modal.userId });
  const { edited } = modal.facts;
  const attempt = {
    what: edited === undefined ? ('form_opened' as const) : ('edited' as const),
    requestId: edited?.request.id,
    by: { id: modal.userId },
  };
  if ('reference' in person) {
    await recordRefused(deps, { ...attempt, ...notIdentified(person.reference) });
    return say(client, modal, cannotCheck(person.reference));
  }
  const refused = mayRequest(person, config.policy.requesters);
  if (refused) {
    await recordRefused(deps, { ...attempt, by: person, refused: refused.reason });
    return say(client, modal, requestRefusal(refused, config.policy.requesters));
  }
  const shown = modal.isDrawn ? modal.facts : { ...modal.facts, requester: person };
  // Nobody waits for Slack's word on the channel; what is known by now is drawn once, with everything.
  if (!modal.isDrawn && !isPlaceKnown) await redrawView(client, modal.viewId, setupModal(shown));
  const place = await asked;
  // The bot may still be invited to a private channel: until then its card isn't posted.
  if (place !== undefined && place.code !== 'channel_not_found') {
    const closed = closedTexts[place.audience];
    if (closed !== undefined) {
      await recordRefused(deps, { ...attempt, by: person, refused: `${place.audience}_channel` });
      return say(client, modal, closed);
    }
  }

  const { policy } = config;
  const identity = identityShown(shown);
  const requests = await otherRequests(deps, identity, edited?.request.id);
  const notices = () => [
    ...takenNotices(takenIn(identity, { ...directory.current(), requests })),
    quorumNotice(quorumFor(person, deps.roster.current(), policy), policy),
    ...lookalikeNotices(lookalikesIn(identity, { ...directory.current(), requests })),
    ...setupNotices(haloFacts(deps), place?.isMember === false ? channel : undefined),
  ];
  const inTime = now() - modal.openedAt < defaultInTimeMs;
  const isNews = shown.filled === undefined && !hasDefaults(shown.requester) && hasDefaults(person);
  const facts = {
    ...shown,
    ...(isNews && inTime && { requester: person, requesterCameLate: true }),
    notices: notices(),
  };
  await redrawView(client, modal.viewId, setupModal(facts));
  const reading = directory.refreshIfOlder(freshForMs);
  let told = facts.notices;
  // Once with what comes soon, and once more if a list takes long.
  const soon = Promise.all([approvers, Promise.race([reading, pause(quickMs, undefined, { ref: false })])]);
  for (const news of [soon, reading]) {
    await news;
    const all = notices();
    if (isDeepStrictEqual(all, told)) continue;
    told = all;
    await redrawView(client, modal.viewId, setupModal({ ...facts, notices: told }));
  }
}

const closedTexts: Partial<Record<ChannelFacts['audience'], string>> = {
  shared: channelIsShared,
  direct: needsAChannel,
  unknown: channelUnknown,
};

/** Undefined: Slack doesn't say now. It is asked again when the form is submitted, and before the card is posted. */
async function factsSoon(
  { channels, log }: Dependencies,
  channel: string,
): Promise<ChannelFacts | undefined> {
  try {
    return await Promise.race([channels.facts(channel), pause(quickMs, undefined, { ref: false })]);
  } catch (error) {
    log.warn({ err: error, channel }, 'channel could not be looked up');
    return undefined;
  }
}

/** What the form says of HaloPSA. */
export function haloFacts({
  directory,
  instance: origin,
}: Pick<Dependencies, 'directory' | 'instance'>): HaloFacts {
  const current = directory.current();
  const { agents, instance } = current;
  const named = { agents, ...choicesIn(current) };
  const lists = Object.values(named);
  const times = lists.map(({ fetchedAt }) => fetchedAt);
  const isUnread = ({ fetchedAt, failure }: (typeof lists)[number]) =>
    fetchedAt === undefined && failure === undefined;
  const free = licencesFree(instance.value);
  const all = instance.value.licensed_agent_count;
  return {
    failure: [...lists, instance].find(({ failure }) => failure !== undefined)?.failure,
    reading: Object.entries(named).flatMap(([name, list]) => (isUnread(list) ? [name] : [])),
    listsFrom: times.includes(undefined) ? undefined : Math.min(...times.map((time) => time ?? 0)),
    instance: instance.value.tenant_id ?? new URL(origin).host,
    version: instance.value.app_version,
    mayHideAgents: agents.fetchedAt !== undefined && !agents.isWhole,
    licences: free === undefined || all === undefined ? undefined : { free: Math.max(0, free), all },
  };
}

function say(client: WebClient, { viewId, facts }: OpenModal, text: string): Promise<void> {
  return redrawView(client, viewId, noticeModal(setupModal(facts).title.text, text));
}
