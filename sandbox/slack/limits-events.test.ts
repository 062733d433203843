import { beforeEach, describe, expect, test } from 'vitest';
import type { Payload } from './delivery.ts';
import { Events } from './events.ts';
import { readManifest } from './manifest.ts';
import { Store } from './store.ts';
import { people } from './workspace.ts';
import { manifest, slackForEachTest } from './testing/served-slack.ts';

const event = { type: 'app_home_opened', user: people.ana.id };
const hourMs = 60 * 60_000;
let time = Date.now();
let sent: Payload[] = [];
let leftToAnswer = 0;
beforeEach(() => {
  sent = [];
});

/** Sends so many events; the app answers the first `answered` deliveries with 200. */
async function deliver(events: Events, count: number, answered: number): Promise<void> {
  leftToAnswer = answered;
  for (let n = 0; n < count; n += 1) await events.emit(event);
}
const eventsOf = (retriesAfterMs: number[] = []) =>
  new Events({
    manifest: readManifest(manifest),
    store: new Store({ people: [], channels: [], userGroups: [], now: () => time }),
    retriesAfterMs,
    deliver: (_type, payload) => {
      sent.push(payload);
      const ok = leftToAnswer-- > 0;
      return Promise.resolve(ok ? { ok, answer: undefined } : { ok, failure: 'http_500' });
    },
  });
const notices = () => sent.filter(({ type }) => type === 'app_rate_limited');

describe('an app that answers less than 5 % of the deliveries of an hour', () => {
  test('5 % of 1,000 is enough: the next event comes', async () => {
    const events = eventsOf();
    await deliver(events, 1_000, 50);
    await deliver(events, 1, 1);
    expect(sent).toHaveLength(1_001);
    expect(notices()).toEqual([]);
  });

  test('one answer less is not: it is told so, and no event comes after that', async () => {
    const events = eventsOf();
    await deliver(events, 1_000, 49);
    expect(notices()).toMatchObject([{ minute_rate_limited: Math.floor(time / 60_000) * 60 }]);
    time += 2 * hourMs;
    await deliver(events, 1, 1);
    expect(sent).toHaveLength(1_001);
  });

  test('with fewer than 1,000 events in the hour it is spared', async () => {
    const events = eventsOf();
    await deliver(events, 999, 0);
    time += hourMs + 1;
    await deliver(events, 999, 0);
    expect(notices()).toEqual([]);
    await deliver(events, 1, 0);
    expect(notices()).toHaveLength(1);
  });

  test('retries are deliveries, but no events', async () => {
    const events = eventsOf([0]);
    await deliver(events, 999, 0);
    await expect.poll(() => sent.length).toBe(1_998);
    expect(notices()).toEqual([]);
    await deliver(events, 1, 1);
    expect(notices()).toHaveLength(1);
  });
});

const stage = slackForEachTest(() => ({ eventRetriesAfterMs: [] }));
test('enabled again, events come again', async () => {
  const emitted = async (times: number) => {
    for (let n = 0; n < times; n += 1) await stage.slack.emit(event);
    return stage.slack.deliveries.length;
  };
  const withNotice = 1_001;
  expect(await emitted(1_000)).toBe(withNotice);
  expect(await emitted(1)).toBe(withNotice);
  stage.slack.enableEvents();
  expect(await emitted(1)).toBe(withNotice + 1);
});
