import type { Interactive } from './block-kit/blocks.ts';
import type { Selected, TextObject } from './block-kit/composition.ts';
import type { Payload } from './delivery.ts';
import type { FieldState } from './state.ts';
import type { StoredMessage } from './store.ts';
import type { HomeTab, OpenView } from './views.ts';
import { bot, enterpriseId, teamDomain, teamId, type Person } from './workspace.ts';

const ofTheApp = { team_id: teamId, app_id: bot.appId, app_installed_team_id: teamId, bot_id: bot.botId };

/** A modal as Slack hands it to apps: with what its fields hold, and every field that was left out. */
export function viewOutput(open: OpenView) {
  const { view, id, hash, rootId, previousId, values } = open;
  return {
    ...ofTheApp,
    ...view,
    id,
    hash,
    submit: view.submit ?? null,
    close: view.close ?? null,
    callback_id: view.callback_id ?? '',
    external_id: view.external_id ?? '',
    private_metadata: view.private_metadata ?? '',
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    root_view_id: rootId,
    previous_view_id: previousId,
    state: { values: structuredClone(values) },
  };
}

export function homeOutput({ view, id, hash, values }: HomeTab) {
  return {
    ...ofTheApp,
    ...view,
    id,
    hash,
    title: { type: 'plain_text', text: 'View Title', emoji: true },
    submit: null,
    close: null,
    callback_id: view.callback_id ?? '',
    external_id: view.external_id ?? '',
    private_metadata: view.private_metadata ?? '',
    clear_on_close: false,
    notify_on_close: false,
    root_view_id: id,
    previous_view_id: null,
    state: { values: structuredClone(values) },
  };
}

export function messageOutput(message: StoredMessage, withMetadata: boolean) {
  const { ts, threadTs, author, text, blocks, metadata } = message;
  const byBot = author === bot.userId && { bot_id: bot.botId, app_id: bot.appId };
  return {
    type: 'message',
    user: author,
    ...byBot,
    team: teamId,
    ts,
    text,
    blocks,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(metadata !== undefined && {
      metadata: withMetadata ? metadata : { event_type: metadata.event_type },
    }),
  };
}

/** What every payload says of the person and the app. */
export function personPayload(type: string, person: Person): Payload {
  const name = person.name.toLowerCase();
  return {
    type,
    token: 'legacy-token',
    api_app_id: bot.appId,
    is_enterprise_install: false,
    enterprise: person.grid === undefined ? null : { id: enterpriseId, name: teamDomain },
    team: { id: teamId, domain: teamDomain },
    user: { id: person.id, name, username: name, team_id: person.teamId ?? teamId },
  };
}

/** What somebody did with an element: pressed it, chose from its menu, or changed what it holds. */
export type Done =
  { value?: string | undefined; text?: TextObject } | { selected_option: Selected } | FieldState;

/** One entry of `actions` in a `block_actions` payload. */
export function actionPayload(blockId: string, element: Interactive, done: Done, ts: string): Payload {
  return {
    ...('text' in element && { text: element.text }),
    ...('placeholder' in element && element.placeholder && { placeholder: element.placeholder }),
    ...('confirm' in element && element.confirm && { confirm: element.confirm }),
    ...('style' in element && element.style && { style: element.style }),
    ...done,
    type: element.type,
    action_id: element.action_id,
    block_id: blockId,
    action_ts: ts,
  };
}
