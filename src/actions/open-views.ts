import type { BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { triggerExpired } from '../views/help.ts';
import { noticeModal, waitingModal } from '../views/notice-modal.ts';
import { withoutAlerts } from '../views/setup-modal.ts';
import { respondToPress, type PressedButton } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';

const expiredCodes = ['expired_trigger_id', 'trigger_expired'];
const exchangedCodes = ['exchanged_trigger_id', 'trigger_exchanged'];

/** A trigger lives three seconds. Slack says so in one of several codes, or among the invalid arguments. */
export function isExpiredTrigger(error: unknown): boolean {
  if (!(error instanceof WebAPIPlatformError)) return false;
  const messages = error.data.response_metadata?.messages ?? [];
  return (
    expiredCodes.includes(error.data.error) ||
    (error.data.error === 'invalid_arguments' && messages.some((message) => message.includes('trigger_id')))
  );
}

/** Slack doesn't take an alert here: then it is a paragraph. */
async function withOrWithoutAlerts<T>(view: ModalView, send: (view: ModalView) => Promise<T>): Promise<T> {
  try {
    return await send(view);
  } catch (error) {
    const isRefused = error instanceof WebAPIPlatformError && refusedBlocks.includes(error.data.error);
    if (!isRefused || isExpiredTrigger(error) || !view.blocks.some(({ type }) => type === 'alert'))
      throw error;
    return send(withoutAlerts(view));
  }
}

const refusedBlocks = ['invalid_blocks', 'invalid_arguments'];

const openedSchema = z.object({ view: z.object({ id: z.string() }) });

/**
 * Opens a modal and returns its id. Undefined: Slack delivered the same twice, and the first delivery opened it.
 * @throws SDK errors, see `isExpiredTrigger`
 */
export async function openView(
  client: WebClient,
  triggerId: string,
  view: ModalView,
): Promise<string | undefined> {
  try {
    const opened = await withOrWithoutAlerts(view, (drawn) =>
      client.views.open({ trigger_id: triggerId, view: drawn }),
    );
    return openedSchema.parse(opened).view.id;
  } catch (error) {
    if (error instanceof WebAPIPlatformError && exchangedCodes.includes(error.data.error)) return undefined;
    throw error;
  }
}

/** Draws an open modal again. Somebody may have closed or submitted it meanwhile: then there is nothing to draw. */
export async function redrawView(client: WebClient, viewId: string, view: ModalView): Promise<void> {
  try {
    await withOrWithoutAlerts(view, (drawn) => client.views.update({ view_id: viewId, view: drawn }));
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'not_found') throw error;
  }
}

type Button = Pick<SlackActionMiddlewareArgs<BlockAction>, 'ack' | 'respond'> & { client: WebClient };
type Pressed = Pick<PressedButton, 'user' | 'place' | 'triggerId'>;

/**
 * Opens a form from a button at once, or a word in its place for whom nobody has looked up lately, and then says in its place why this person may not go on, if so.
 * @returns the id of the form. Undefined: this person does not see it.
 */
export async function openOrRefuse(
  { ack, respond, client }: Button,
  deps: Pick<Dependencies, 'homes' | 'people'>,
  pressed: Pressed,
  view: ModalView,
  refusalOf: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const isMember = deps.people.known(pressed.user.id)?.standing === 'member';
  const first = isMember ? view : waitingModal(view.title.text);
  return unlessTooLate({ respond }, deps, pressed, async () => {
    const [viewId] = await Promise.all([openView(client, pressed.triggerId, first), ack()]);
    if (viewId === undefined) return undefined;
    const refusal = await refusalOf();
    await (refusal === undefined
      ? !isMember && redrawView(client, viewId, view)
      : redrawView(client, viewId, noticeModal(view.title.text, refusal)));
    return refusal === undefined ? viewId : undefined;
  });
}

/** Slack opens a form only within seconds of the press. If that time is over, whoever pressed reads so instead. */
export async function unlessTooLate<T>(
  button: Pick<Button, 'respond'>,
  deps: Pick<Dependencies, 'homes'>,
  pressed: Pick<PressedButton, 'user' | 'place'>,
  open: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!isExpiredTrigger(error)) throw error;
    await respondToPress(button, deps, pressed, triggerExpired);
    return undefined;
  }
}
