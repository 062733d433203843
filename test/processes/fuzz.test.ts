import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../sandbox/chaos/random.ts';
import { ask } from '../../sandbox/play.ts';
import { people } from '../../sandbox/slack/workspace.ts';
import { credentials, startWorld, type World } from '../../sandbox/world.ts';
import { sendRaw } from '../raw-http.ts';
import { anyFrame, anyRequest } from './garbage.ts';
import { peakMb } from './peak-memory.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
const requests = 5_000;
const frames = 2_000;
const atOnce = 20;
const maxMb = 400;

describe.each(['socket', 'http'] as const)(
  `garbage on all doors in %s mode (FUZZ_SEED=${seed})`,
  { timeout: 120_000 },
  (mode) => {
    test('the process lives, acknowledges every press, and stays small', async () => {
      process.stderr.write(`\nFUZZ_SEED=${seed} npx vitest run test/processes/fuzz.test.ts\n`);
      const world = await startWorld({ mode });
      try {
        const [app] = world.apps;
        await app.start();
        const pid = app.pid();
        const pressing = pressWhile(world, Promise.all([sendRequests(app.url), sendFrames(world)]));
        expect(await pressing).toBeGreaterThan(3);
        expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
        expect(app.pid()).toBe(pid);
        expect(peakMb(pid)).toBeLessThan(maxMb);
        expect(app.log()).not.toContain('"level":60');
      } finally {
        await world.stop();
      }
    });
  },
);

async function sendRequests(url: string): Promise<void> {
  const random = randomFrom(seed);
  const port = Number(new URL(url).port);
  let sent = 0;
  const sendSome = async () => {
    while (sent++ < requests) await sendRaw(port, anyRequest(random, credentials.signingSecret));
  };
  await Promise.all(Array.from({ length: atOnce }, sendSome));
}

/** Does nothing in HTTP mode: there is no socket. */
async function sendFrames({ slack }: World): Promise<void> {
  const random = randomFrom(seed + 1);
  for (let sent = 0; sent < frames; sent += 1) {
    slack.socketMode.sendFrame(anyFrame(random));
    // Lets the presses get in between.
    if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Ana presses Approve on her own request, which is refused, until `work` is done. @returns how often */
async function pressWhile(world: World, work: Promise<unknown>): Promise<number> {
  const ana = world.slack.as(people.ana.id);
  const card = await ask(world);
  const progress = { isDone: false };
  const ended = work.finally(() => {
    progress.isDone = true;
  });
  let presses = 0;
  // One of the checks that what wasn't acknowledged within three seconds has failed.
  while (!progress.isDone) {
    expect(await ana.press(card, 'Approve')).toEqual({ failure: undefined });
    presses += 1;
  }
  await ended;
  return presses;
}
