import { useEffect, useRef } from 'preact/hooks';
import type { AppTab, Conversation } from '../../control/screen.ts';
import { Blocks } from './blocks.tsx';
import { Messages } from './conversation.tsx';
import type { KnownBlock } from './kit.ts';
import { appTab, perform, screen, showTab } from './state.ts';

const words: Record<AppTab, string> = { home: 'Home', messages: 'Messages' };

/** The app's own place: what it drew as its Home, and the direct messages with it. */
export function AppView({ direct }: { direct: Conversation<KnownBlock> }) {
  const { me, appTabs = [] } = screen.value ?? {};
  const tab = appTab.value;
  useEffect(() => {
    if (tab !== undefined) void perform({ do: 'open', tab });
  }, [me, tab]);
  return (
    <section class="pane" aria-labelledby="app-title">
      <header class="pane-head">
        <h1 id="app-title">{direct.name}</h1>
        <span class="chip">APP</span>
      </header>
      <Tabs tabs={appTabs} current={tab} />
      <div class="tab-panel" id="app-panel" role="tabpanel" aria-labelledby={`app-tab-${tab ?? ''}`}>
        {tab === 'home' && <Home />}
        {tab === 'messages' && <Messages conversation={direct} />}
        {tab === undefined && (
          <p class="beginning">The manifest of this app turns on neither a Home nor a Messages tab.</p>
        )}
      </div>
    </section>
  );
}

/** Left and right move between them, as in the tabs pattern of the ARIA guide. */
function Tabs({ tabs, current }: { tabs: readonly AppTab[]; current: AppTab | undefined }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const next = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    showTab(next);
    list.current?.querySelector<HTMLElement>(`#app-tab-${next}`)?.focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label="App" onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab}
          id={`app-tab-${tab}`}
          type="button"
          role="tab"
          class="tab"
          aria-selected={tab === current}
          aria-controls="app-panel"
          tabIndex={tab === current ? 0 : -1}
          onClick={() => {
            showTab(tab);
          }}
        >
          {words[tab]}
        </button>
      ))}
    </div>
  );
}

function Home() {
  const home = screen.value?.home;
  return (
    <div class="messages" tabIndex={0} role="region" aria-label="Home">
      <div class="home">
        {home === undefined ? (
          <p class="beginning">The app has not drawn its Home tab yet.</p>
        ) : (
          <Blocks blocks={home.blocks} at={{ place: { on: 'home' }, values: home.values }} />
        )}
      </div>
    </div>
  );
}
