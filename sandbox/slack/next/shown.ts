import type { OpenView, StoredMessage } from './model.ts';
import type { Store } from './store.ts';

/** A message as Slack hands it to apps. Without `all`, its metadata keeps its payload to itself. */
export function shownMessage(store: Store, message: StoredMessage, all: boolean) {
  const { ts, threadTs, userId, text, blocks, metadata, edited, channelId } = message;
  const { identity } = store;
  const replies = store.messages.filter((one) => one.channelId === channelId && one.threadTs === ts);
  const thread = threadTs ?? (replies.length > 0 ? ts : undefined);
  return {
    type: 'message',
    user: userId,
    ts,
    ...(userId === identity.botUserId && { bot_id: identity.botId, app_id: identity.appId }),
    text,
    team: store.teamOf(userId),
    blocks,
    ...(thread !== undefined && { thread_ts: thread }),
    ...(threadTs !== undefined && { parent_user_id: store.find(channelId, threadTs)?.userId }),
    ...(replies.length > 0 && { reply_count: replies.length, latest_reply: replies.at(-1)?.ts }),
    ...(edited > 0 && { edited: { user: identity.botUserId, ts } }),
    ...(metadata !== undefined && { metadata: all ? metadata : { event_type: metadata.event_type } }),
  };
}

/** A view as Slack hands it to apps. `view_closed` comes without what was entered. */
export function shownView({ identity }: Store, open: OpenView, withValues = true) {
  const { view } = open;
  return {
    id: open.id,
    team_id: identity.teamId,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values: withValues ? open.values : {} },
    hash: open.hash,
    title: view.title,
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: open.previousId,
    root_view_id: open.rootId,
    app_id: identity.appId,
    external_id: view.external_id ?? '',
    app_installed_team_id: identity.teamId,
    bot_id: identity.botId,
  };
}
