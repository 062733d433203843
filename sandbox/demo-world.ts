import { controlRoutes } from './control.ts';
import { Demo } from './control/demo.ts';
import type { PresetName } from './halo/presets.ts';
import type { Page } from './web/bundle.ts';
import { startWorld, type World } from './world.ts';

/** The world of the demo: with Slack's limits, a page to act on, and controls for what happens around the app. */
export async function startDemoWorld(preset: PresetName, page: Page | undefined): Promise<World> {
  const world: World = await startWorld({
    mode: 'socket',
    script: 'sandbox/demo-app.ts',
    env: { DEMO_AHEAD_MS: '0' },
    rateLimits: true,
    preset,
    before: (slack, halo) => {
      const restart = async (env: Record<string, string>) => {
        const [app] = world.apps;
        await app.stop('SIGTERM');
        await app.start(env);
      };
      const changed = () => {
        slack.store.changed();
      };
      return controlRoutes(slack, halo, { page, demo: new Demo(halo, restart, changed) });
    },
  });
  return world;
}
