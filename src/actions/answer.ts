import type {
  AllMiddlewareArgs,
  BlockAction,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { getRequest } from '../requests/store.ts';
import { stateText } from '../views/state-text.ts';
import { requestName } from '../views/text.ts';
import { noticeModal } from '../views/notice-modal.ts';
import { words } from '../views/message.ts';
import type { RequestShown } from '../views/request-shown.ts';
import { respondToPress, type PressedButton } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { respondWith } from './respond.ts';
import { readerOf, requestPage } from './status-pages.ts';

export type ButtonArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;
export type SubmitArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

/** `said`: to whoever did it, of the request by its name. `refusal`: why nothing was done, if so. */
type Answer = { said: (name: string) => string; refusal: string | undefined };

/** Tells who pressed what came of it, where no card does. */
export async function answerPress(
  { client, respond }: ButtonArgs,
  deps: Dependencies,
  { user, requestId, place }: PressedButton,
  { said, refusal }: Answer,
): Promise<void> {
  if (refusal !== undefined) return respondToPress({ respond }, deps, { user, place }, refusal);
  if (place === 'channel') return;
  const [request, who] = await Promise.all([getRequest(deps.db, requestId), readerOf(deps, user)]);
  if (request === undefined || 'refusal' in who) return;
  if (place === 'home') return deps.homes.show(user.id, { notice: said(requestName(request)) });
  const done = `${said(requestName(request))} ${stateText(request)}`;
  if (place === 'direct') {
    await respondWith(respond, words(done), { replace_original: true });
    return;
  }
  const message = await requestPage(deps, client, { request, reader: who.reader, done });
  await respondWith(respond, message, { replace_original: true });
}

/** What a submitted form gives way to. Undefined: it closes, and the card shows what came of it. */
export async function afterSubmission(
  deps: Dependencies,
  title: string,
  { requestId, place }: Pick<RequestShown, 'requestId' | 'place'>,
  { said, refusal }: Answer,
) {
  if (refusal !== undefined) return instead(title, refusal);
  const request = place === 'channel' ? undefined : await getRequest(deps.db, requestId);
  return request && instead(title, `${said(requestName(request))} ${stateText(request)}`);
}

function instead(title: string, text: string) {
  return { response_action: 'update' as const, view: noticeModal(title, text) };
}
