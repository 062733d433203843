import type { WebClient } from '@slack/web-api';
import { mayRequest } from '../requests/policy.ts';
import { noticeModal, waitingModal } from '../views/notice-modal.ts';
import { requestRefusal } from '../views/refusals.ts';
import { setupModal, setupTitle, type SetupModalFacts } from '../views/setup-modal.ts';
import { setupNotices } from '../views/setup-notices.ts';
import { completeModal, haloFacts } from './complete-modal.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { openView } from '../actions/open-views.ts';

type Opening = {
  triggerId: string;
  userId: string;
  /** Where the card will go. Undefined: the form asks for it. */
  channel: string | undefined;
  /** Undefined: as the guide recommends. */
  filled?: SetupModalFacts['filled'];
};

/**
 * Opens the form at once from memory, or a word in its place for whom nobody has looked up lately, then completes it by what Slack and HaloPSA know. Who may not ask for an agent
 * reads so in its place. @throws SDK errors, see `isExpiredTrigger`
 */
export async function openSetupForm(
  deps: Dependencies,
  client: WebClient,
  { triggerId, userId, channel, filled }: Opening,
): Promise<void> {
  const { config, people, now } = deps;
  const person = people.known(userId);
  const refused = person && mayRequest(person, config.policy.requesters);
  if (refused) {
    const refusal = requestRefusal(refused, config.policy.requesters);
    await openView(client, triggerId, noticeModal(setupTitle, refusal));
    return;
  }
  const facts = setupFormFacts(deps, { channel, requester: person, filled });
  const openedAt = now();
  const isDrawn = person !== undefined;
  const form = setupModal(facts);
  const viewId = await openView(client, triggerId, isDrawn ? form : waitingModal(form.title.text));
  if (viewId === undefined) return;
  await completeModal(deps, client, { viewId, userId, openedAt, facts, isDrawn });
}

/** What the form of a new request opens with, from memory. */
export function setupFormFacts(
  deps: Pick<Dependencies, 'directory' | 'instance'>,
  { channel, requester, filled }: Pick<SetupModalFacts, 'channel' | 'requester' | 'filled'>,
): SetupModalFacts {
  return {
    channel,
    requester,
    requesterCameLate: false,
    notices: setupNotices(haloFacts(deps), undefined),
    filled,
    edited: undefined,
  };
}
