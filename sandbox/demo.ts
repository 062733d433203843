import { parseArgs } from 'node:util';
import { startDemoWorld } from './demo-world.ts';
import { presetNames, presets, type PresetName } from './halo/presets.ts';
import { play } from './play.ts';
import { bundlePage } from './web/bundle.ts';
import type { World } from './world.ts';

const { isPlay, preset } = options(process.argv.slice(2));
const page = isPlay ? undefined : await bundlePage();
const world = await startDemoWorld(preset, page);
try {
  await world.apps[0].start();
  if (isPlay) await playAndLeave(world);
  else stayOpen(world);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\nThe app’s log:\n${world.apps[0].log()}`);
  await world.stop();
  process.exitCode = 1;
}

/** `--play`: in the terminal, by itself. `--halo NAME`: a build of HaloPSA. What is not understood is explained, and ends it. */
function options(args: string[]): { isPlay: boolean; preset: PresetName } {
  try {
    const known = { play: { type: 'boolean' }, halo: { type: 'string', default: 'usual' } } as const;
    const { play: isPlay = false, halo } = parseArgs({ args, options: known }).values;
    const preset = presetNames.find((name) => name === halo);
    if (preset !== undefined) return { isPlay, preset };
    console.error(`There is no build ${halo} of the local HaloPSA.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  const builds = presetNames.map((name) => `  --halo ${name.padEnd(26)} ${presets[name].title}`);
  console.error(`npm run demo -- [--play] [--halo NAME]\n${builds.join('\n')}`);
  process.exit(1);
}

async function playAndLeave(at: World): Promise<void> {
  const id = await play(at, console.log);
  await at.stop();
  console.log(`\nAgent ID ${id} is in the thread. Slack, HaloPSA and the app were local and are stopped.`);
}

function stayOpen({ slackUrl, stop }: World): void {
  const post = (who: string, step: object) =>
    `curl -s ${slackUrl}/people/${who} -d '${JSON.stringify(step)}'`;
  console.log(`The app runs between a local Slack and a local HaloPSA (${presets[preset].title}). Open this in a browser:

  ${slackUrl}

Ask as Ana (/neo-setup in #msp-ops), approve as Ben, and see the agent appear in HaloPSA beside it.
Ctrl-C stops all three.

The same from a terminal:
  curl -s ${slackUrl}/people/ben
  ${post('ana', { do: 'type', line: '/neo-setup' })}
  ${post('ana', { do: 'choose', label: 'Roles', options: ['1st Line Support'] })}
  ${post('ana', { do: 'choose', label: 'Teams', options: ['1st Line'] })}
  ${post('ana', { do: 'choose', label: 'Working Hours', options: ['Sydney desk'] })}
  ${post('ana', { do: 'submit' })}
  ${post('ben', { do: 'press', label: 'Approve' })}
  curl -s ${slackUrl}/halo
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}
