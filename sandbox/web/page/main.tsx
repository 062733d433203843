import { render } from 'preact';
import { AppView } from './app-view.tsx';
import { ConfirmDialog } from './confirm.tsx';
import { ConversationView, ThreadPane } from './conversation.tsx';
import { HaloPanel } from './halo.tsx';
import { LiveRegion } from './live-region.tsx';
import { Modals } from './modal.tsx';
import { Sidebar } from './sidebar.tsx';
import { appId, appTab, conversation, follow, screen, shown, thread, who } from './state.ts';
import { isPanelShown, restoreTheme, TopBar } from './top-bar.tsx';

function Page() {
  if (screen.value === undefined) return <p class="loading">Loading the workspace…</p>;
  // Nobody acts on what somebody else saw.
  const isOfAnother = screen.value.me !== who.value;
  return (
    <>
      <TopBar />
      <div class="columns" inert={isOfAnother}>
        <Sidebar />
        <main class="middle">
          <Middle />
        </main>
        {isPanelShown.value && <HaloPanel />}
      </div>
      {!isOfAnother && <Modals />}
      <ConfirmDialog />
      <LiveRegion />
    </>
  );
}

function Middle() {
  const open = conversation.value;
  if (open === undefined) return <p class="loading">There is no conversation.</p>;
  const isApp = shown.value === appId;
  return (
    <>
      {isApp ? <AppView direct={open} /> : <ConversationView conversation={open} />}
      {thread.value !== undefined && !(isApp && appTab.value === 'home') && (
        <ThreadPane conversation={open} ts={thread.value} />
      )}
    </>
  );
}

restoreTheme();
follow();
const root = document.getElementById('page');
if (root !== null) render(<Page />, root);
