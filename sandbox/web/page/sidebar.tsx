import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';
import { appId, appTab, conversation, screen, show, shown, unreadIn } from './state.ts';

export function Sidebar() {
  const all = screen.value?.conversations ?? [];
  const current = shown.value === appId ? appId : conversation.value?.id;
  const direct = all.find(({ kind }) => kind === 'im');
  const app = direct?.name ?? '';
  // Slack counts direct messages, and prints channels with something new in bold.
  const entry = (id: string, unread: number, content: ComponentChildren) => (
    <li key={id}>
      <button
        type="button"
        class={unread > 0 ? 'side-entry side-unread' : 'side-entry'}
        aria-current={current === id ? 'page' : undefined}
        onClick={() => {
          show(id);
        }}
      >
        {content}
      </button>
    </li>
  );
  const unreadDirect =
    direct === undefined || (current === appId && appTab.value === 'messages') ? 0 : unreadIn(direct);
  return (
    <nav class="sidebar" aria-label="Conversations">
      <h2>Channels</h2>
      <ul>
        {all
          .filter(({ kind }) => kind !== 'im')
          .map((channel) => {
            const { id, name, kind } = channel;
            const unread = current === id ? 0 : unreadIn(channel);
            return entry(
              id,
              unread,
              <>
                {kind === 'private' ? <Icon name="lock" /> : <span class="hash">#</span>}
                <span class="side-name">{name}</span>
                {unread > 0 && <span class="visually-hidden">, unread</span>}
              </>,
            );
          })}
      </ul>
      <h2>Apps</h2>
      <ul>
        {entry(
          appId,
          unreadDirect,
          <>
            <span class="avatar avatar-bot avatar-small" aria-hidden="true">
              {app.charAt(0)}
            </span>
            <span class="side-name">{app}</span>
            {unreadDirect > 0 && (
              <span class="badge">
                {unreadDirect}
                <span class="visually-hidden"> unread</span>
              </span>
            )}
          </>,
        )}
      </ul>
    </nav>
  );
}
