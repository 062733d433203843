import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';
import { appId, conversation, screen, show, shown } from './state.ts';

export function Sidebar() {
  const all = screen.value?.conversations ?? [];
  const current = shown.value === appId ? appId : conversation.value?.id;
  const app = all.find(({ kind }) => kind === 'im')?.name ?? '';
  const entry = (id: string, content: ComponentChildren) => (
    <li key={id}>
      <button
        type="button"
        class="side-entry"
        aria-current={current === id ? 'page' : undefined}
        onClick={() => {
          show(id);
        }}
      >
        {content}
      </button>
    </li>
  );
  return (
    <nav class="sidebar" aria-label="Conversations">
      <h2>Channels</h2>
      <ul>
        {all
          .filter(({ kind }) => kind !== 'im')
          .map(({ id, name, kind }) =>
            entry(
              id,
              <>
                {kind === 'private' ? <Icon name="lock" /> : <span class="hash">#</span>}
                <span class="side-name">{name}</span>
              </>,
            ),
          )}
      </ul>
      <h2>Apps</h2>
      <ul>
        {entry(
          appId,
          <>
            <span class="avatar avatar-bot avatar-small" aria-hidden="true">
              {app.charAt(0)}
            </span>
            <span class="side-name">{app}</span>
          </>,
        )}
      </ul>
    </nav>
  );
}
