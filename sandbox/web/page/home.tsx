import { useEffect } from 'preact/hooks';
import { Blocks } from './blocks.tsx';
import { perform, screen } from './state.ts';

/** The app's Home tab. Opening it tells the app, which may draw it then. */
export function HomeTab() {
  const { hasHomeTab, home } = screen.value ?? {};
  useEffect(() => {
    if (hasHomeTab === true) void perform({ do: 'home' });
  }, [hasHomeTab]);
  return (
    <section class="pane" aria-labelledby="home-title">
      <header class="pane-head">
        <h1 id="home-title">Neo Setup</h1>
        <span class="chip">APP</span>
      </header>
      <div class="messages" tabIndex={0} role="region" aria-label="Home">
        <div class="home">
          {home === undefined ? (
            <p class="beginning">
              {hasHomeTab === true
                ? 'The app has not drawn its Home tab yet.'
                : 'This app has no Home tab: its manifest does not turn one on.'}
            </p>
          ) : (
            <Blocks blocks={home.blocks} at={{ place: { on: 'home' }, values: home.values }} />
          )}
        </div>
      </div>
    </section>
  );
}
