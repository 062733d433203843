import { signal } from '@preact/signals';
import { Icon } from './icons.tsx';
import { Avatar } from './message.tsx';
import { actAs, isConnected, screen, who } from './state.ts';

export const isPanelShown = signal(window.innerWidth >= 1100);
const themeKey = 'theme';

/** Who acts, and how the page looks. */
export function TopBar() {
  return (
    <header class="top-bar">
      <p class="workspace-name">Brightwater</p>
      <fieldset class="act-as">
        <legend>Act as</legend>
        {screen.value?.people.map(({ key, name, role }) => (
          <label key={key} class="person">
            <input
              type="radio"
              name="act-as"
              value={key}
              checked={key === who.value}
              onChange={() => {
                actAs(key);
              }}
            />
            <Avatar name={name} byBot={false} />
            <span class="person-name">
              {name} <small>{role}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <span class="connection" role="status">
        {isConnected.value ? '' : 'Connecting…'}
      </span>
      <button type="button" class="bar-button" onClick={switchTheme}>
        <Icon name="sun" />
        <span class="bar-words">Light or dark</span>
      </button>
      <button
        type="button"
        class="bar-button"
        aria-expanded={isPanelShown.value}
        onClick={() => {
          isPanelShown.value = !isPanelShown.value;
        }}
      >
        HaloPSA
      </button>
    </header>
  );
}

/** The one that was chosen last, or the one of the system. */
export function restoreTheme(): void {
  const chosen = localStorage.getItem(themeKey);
  if (chosen !== null) document.documentElement.dataset['theme'] = chosen;
}

function switchTheme(): void {
  const { dataset } = document.documentElement;
  const isDark =
    dataset['theme'] === undefined
      ? window.matchMedia('(prefers-color-scheme: dark)').matches
      : dataset['theme'] === 'dark';
  dataset['theme'] = isDark ? 'light' : 'dark';
  localStorage.setItem(themeKey, dataset['theme']);
}
