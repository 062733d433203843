import { controlRoutes } from './control.ts';
import { play } from './play.ts';
import { startWorld, type World } from './world.ts';

const world = await startWorld({ mode: 'socket', rateLimits: true, before: controlRoutes });
try {
  await world.apps[0].start();
  if (process.argv.includes('--play')) await playAndLeave(world);
  else stayOpen(world);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\nThe app’s log:\n${world.apps[0].log()}`);
  await world.stop();
  process.exitCode = 1;
}

async function playAndLeave(at: World): Promise<void> {
  const id = await play(at, console.log);
  await at.stop();
  console.log(`\nAgent ID ${id} is in the thread. Slack, HaloPSA and the app were local and are stopped.`);
}

function stayOpen({ slackUrl, haloUrl, apps, stop }: World): void {
  const post = (who: string, step: object) => `curl -s ${slackUrl}/as/${who} -d '${JSON.stringify(step)}'`;
  console.log(`The app runs between a local Slack and a local HaloPSA. Ctrl-C stops all three.

  Slack's Web API   ${slackUrl}/api/
  HaloPSA           ${haloUrl}
  the app           ${apps[0].url}/readyz

See what somebody sees in #msp-ops (ana, ben, cleo, dan, gus, xena):
  curl -s ${slackUrl}/as/ben

Do something as somebody, and see what they see then:
  ${post('ana', { do: 'type', line: '/neo-setup' })}
  ${post('ana', { do: 'choose', label: 'Roles', options: ['1st Line Support'] })}
  ${post('ana', { do: 'choose', label: 'Teams', options: ['1st Line'] })}
  ${post('ana', { do: 'choose', label: 'Working Hours', options: ['Sydney desk'] })}
  ${post('ana', { do: 'submit' })}
  ${post('ben', { do: 'press', button: 'Approve' })}
  ${post('ben', { do: 'type', line: '/neo-status Neo Agent' })}

What HaloPSA holds:
  curl -s ${slackUrl}/halo/agents
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(0)));
}
