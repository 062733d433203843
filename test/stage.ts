import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { createApp, type NeoSetup } from '../src/app.ts';
import { budgets, type Budgets } from '../src/budgets.ts';
import { readConfig, type Config } from '../src/config.ts';
import { createHaloClient } from '../src/halo/client.ts';
import { createServer, type Server } from '../src/server.ts';
import { connect, identify, postingClient } from '../src/slack/connection.ts';
import { createLogger, logHaloCall, toSlackLogger } from '../src/slack/logger.ts';
import { openStore, type Db, type Store } from '../src/storage/database.ts';
import { createWindow } from '../src/storage/limiter.ts';
import { LocalHalo } from '../sandbox/halo/local-halo.ts';
import type { PresetName } from '../sandbox/halo/presets.ts';
import type { Seed } from '../sandbox/halo/seed.ts';
import { LocalSlack } from '../sandbox/slack/local-slack.ts';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import type { PersonAtSlack, SeenMessage } from '../sandbox/slack/person.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { routeFetchTo, routeTo } from './edges.ts';

export const secrets = {
  SLACK_BOT_TOKEN: 'xoxb-7120045511-8890012245-Qm4vN1tYc8PzR5wKd2Lh',
  SLACK_SIGNING_SECRET: '5f1d0c9be47a2386d1e0b7c49a835f62',
  HALO_CLIENT_SECRET: '8c2f61d4-93ab-4e07-b5d8-1f6a20c7e9b3-0d47a5e1-c86f-4b92-a3e0-7b19f5d2c684',
};
const manifest = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
const haloOrigin = 'https://acme.halopsa.com';
const clientId = '2b6d9f04-7a1e-4c58-9d30-e5f8a1c7b246';

const newDirectory = () => mkdtempSync(join(tmpdir(), 'neo-setup-test-'));

/** What can be pressed on the card of a pending request. */
export const pendingButtons = ['Approve', 'Deny', 'Ask a question', 'Edit', 'Withdraw'];

export type StageOptions = {
  env?: Record<string, string>;
  licences?: number;
  /** A build of HaloPSA. */
  preset?: PresetName;
  seed?: Partial<Seed>;
  lookAgainAfterMs?: number[];
  waitForHaloMs?: number[];
  /** How long HaloPSA may take for an answer. Short where a test makes it take for ever. */
  haloTimeoutMs?: number;
  /** DATA_DIR as a stopped app left it. It is removed in the end, so give a copy. */
  dataDir?: string;
  budgets?: Budgets;
  /** Time passes by `advance` alone, and not while the machine is at work. */
  timeStands?: boolean;
  /** The app starts without waiting for Slack to say who may approve. */
  rosterIsSlow?: boolean;
  /** Puts into Slack what stands there before the app starts. */
  inSlack?: (slack: LocalSlack) => void;
};

/** The real app between a local Slack and a local HaloPSA; only the network's two edges are faked. */
export class Stage {
  readonly logLines: string[] = [];
  dataDir: string;
  readonly slack: LocalSlack;
  readonly halo: LocalHalo;
  readonly ops = channels.ops.id;
  app!: NeoSetup;
  db!: Db;
  /** Where Slack sends its payloads. */
  address = '';
  private store!: Store;
  private readonly config: Config;
  private readonly lookAgainAfterMs: number[];
  private readonly waitForHaloMs: number[];
  private readonly haloTimeoutMs: number;
  private readonly budgets: Budgets;
  private readonly waitsForRoster: boolean;
  private server!: Server;
  private offsetMs = 0;
  private readonly standsAt: number | undefined;
  private stopFetching = () => {};

  private constructor(options: StageOptions) {
    const read = readConfig({
      ...secrets,
      PORT: '0',
      HALO_BASE_URL: haloOrigin,
      HALO_CLIENT_ID: clientId,
      ...options.env,
    });
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    this.standsAt = options.timeStands === true ? Date.now() : undefined;
    this.config = read.config;
    this.dataDir = options.dataDir ?? newDirectory();
    this.lookAgainAfterMs = options.lookAgainAfterMs ?? [1, 1, 1];
    this.waitForHaloMs = options.waitForHaloMs ?? [1, 1, 1];
    this.budgets = options.budgets ?? budgets;
    this.waitsForRoster = options.rosterIsSlow !== true;
    this.haloTimeoutMs = options.haloTimeoutMs ?? 10_000;
    this.slack = new LocalSlack({
      manifest,
      botToken: secrets.SLACK_BOT_TOKEN,
      appToken: 'xapp-1-A07QH9Z4R5T-1',
      signingSecret: secrets.SLACK_SIGNING_SECRET,
      webBase: () => 'https://slack.com',
      hooksBase: () => 'https://hooks.slack.com',
      now: this.now,
    });
    this.halo = new LocalHalo({
      clientId,
      clientSecret: secrets.HALO_CLIENT_SECRET,
      now: this.now,
      ...(options.licences !== undefined && { licences: options.licences }),
      ...(options.preset !== undefined && { preset: options.preset }),
      ...(options.seed && { seed: options.seed }),
    });
    // Wherever somebody of another company gets to press something, it is refused.
    this.slack.changeChannel(this.ops, { members: [...channels.ops.members, people.xena.id] });
    // What is slow is slow enough for a test.
    this.halo.quirks.agentListMs = Math.min(this.halo.quirks.agentListMs, 100);
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(options);
    options.inSlack?.(stage.slack);
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
    stage.stopFetching = routeFetchTo(['https://slack.com', 'https://hooks.slack.com'], stage.slack.fetch);
    routeTo(haloOrigin, (request) => stage.halo.fetch(request));
    await stage.startApp();
    return stage;
  }

  now = (): number => (this.standsAt ?? Date.now()) + this.offsetMs;

  /** Starts the app on this stage's data, as a new process would. */
  async startApp(): Promise<void> {
    const write = (line: string) => {
      this.logLines.push(line);
      this.slack.store.changed();
    };
    const log = createLogger('trace', [], { write });
    const slackLog = toSlackLogger(log);
    const posting = postingClient(this.config.slack, slackLog);
    const connection = connect(this.config.slack, slackLog);
    const { databaseUrl } = this.config;
    this.store = { ...(await openStore({ databaseUrl, dataDir: this.dataDir })), now: this.now };
    this.db = this.store.db;
    this.app = createApp({
      config: this.config,
      log,
      slackLog,
      receiver: connection.receiver,
      quiet: connection.quiet,
      identity: await identify(posting),
      posting,
      halo: createHaloClient(this.config.halo, {
        admit: createWindow(this.store, 'halo', this.budgets.halo),
        now: this.now,
        timeoutMs: this.haloTimeoutMs,
        onCall: (call) => {
          logHaloCall(log, call);
        },
      }),
      store: this.store,
      newReference: () => randomBytes(4).toString('hex'),
      lookAgainAfterMs: this.lookAgainAfterMs,
      waitForHaloMs: this.waitForHaloMs,
      taskRetry: { firstMs: 50, longestMs: 60_000 },
      refusedRetry: { firstMs: 30_000, longestMs: 3_600_000 },
      leaseMs: 20_000,
      postRate: { burst: 3, everyMs: 5 },
      redrawRate: { burst: 20, everyMs: 1 },
      budgets: this.budgets,
    });
    await this.app.bolt.init();
    await this.app.directory.refreshIfOlder(0);
    if (this.waitsForRoster) await this.app.roster.refresh();
    else this.app.roster.start();
    this.app.worker.start();
    this.server = createServer(connection.routes, log);
    const port = await this.server.listen('127.0.0.1', 0);
    this.address = `http://127.0.0.1:${port}/slack/events`;
    this.slack.sendTo(this.address);
  }

  /**
   * The next process finds the files that this one leaves behind. A copy of them, because libsql lets go of
   * its lock only when its process ends; whatever happens `meanwhile` happens to nobody.
   */
  async restart(meanwhile: () => void = () => {}): Promise<void> {
    await this.stopApp();
    const before = this.dataDir;
    this.dataDir = newDirectory();
    cpSync(before, this.dataDir, { recursive: true });
    rmSync(before, { recursive: true, force: true });
    meanwhile();
    await this.startApp();
  }

  async stopApp(): Promise<void> {
    this.app.directory.stop();
    this.app.roster.stop();
    await this.app.worker.stop();
    await this.server.close(0);
    await this.store.close();
  }

  async close(): Promise<void> {
    this.halo.heal();
    this.slack.stop();
    await this.stopApp();
    this.stopFetching();
    nock.cleanAll();
    nock.enableNetConnect();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Lets time pass for everybody. */
  advance(ms: number): void {
    this.letTimePass(ms);
    this.app.worker.wake();
  }

  /** The same while the app is down. */
  letTimePass(ms: number): void {
    this.offsetMs += ms;
  }

  as(who: keyof typeof people): PersonAtSlack {
    return this.slack.as(people[who].id);
  }

  /** Waits until there is something on top of this person's screen that can be sent in. */
  form(who: keyof typeof people): Promise<OpenModal> {
    return this.slack.until('the form', () => this.as(who).form());
  }

  /** Types /neo-setup and waits until the form is complete. */
  async openForm(who: keyof typeof people, channel = this.ops): Promise<OpenModal> {
    await this.as(who).types(channel, '/neo-setup');
    return this.slack.until('the form', () => {
      const modal = this.as(who).modal();
      return (
        modal !== undefined && /named licence/i.test(modal.text()) && modal.value('Timezone') !== '' && modal
      );
    });
  }

  /** The form with everything that has no default. */
  async filledForm(who: keyof typeof people, channel = this.ops): Promise<OpenModal> {
    const modal = await this.openForm(who, channel);
    await modal.choose('Roles', '1st Line Support');
    await modal.choose('Teams', '1st Line', 'Onboarding');
    await modal.choose('Working Hours', 'Sydney desk');
    return modal;
  }

  /** Ana's request, and its card as the others see it. */
  async requestFrom(
    who: keyof typeof people,
    change: (modal: OpenModal) => void = () => {},
  ): Promise<SeenMessage> {
    const before = this.cards().length;
    const modal = await this.filledForm(who);
    change(modal);
    const { outcome, errors } = await modal.submit();
    if (outcome !== 'closed') throw new Error(`Not submitted: ${JSON.stringify(errors)}`);
    return this.slack.until('the card', () => this.cards()[before]);
  }

  /** Waits until the app has put a task off `count` times. */
  waits(count = 1): Promise<boolean> {
    const putOff = () => this.logLines.filter((line) => line.includes('"task waits"')).length;
    return this.slack.until('a task that is put off', () => putOff() >= count);
  }

  /** Presses Deny and gives a reason, which can be replaced before it is sent. */
  async denyForm(who: keyof typeof people, card: SeenMessage): Promise<OpenModal> {
    await this.as(who).press(card, 'Deny');
    const form = await this.form(who);
    await this.app.boundary.idle();
    form.fill('Reason', 'Not now.');
    return form;
  }

  cards(channel = this.ops): SeenMessage[] {
    return this.as('ben')
      .sees(channel)
      .filter(({ threadTs, ephemeral }) => threadTs === undefined && !ephemeral);
  }

  card(index = 0): SeenMessage {
    const card = this.cards()[index];
    if (card === undefined) throw new Error('There is no card');
    return card;
  }

  thread(index = 0): SeenMessage[] {
    const { ts } = this.card(index);
    return this.as('ben')
      .sees(this.ops)
      .filter(({ threadTs, ephemeral }) => threadTs === ts && !ephemeral);
  }

  /** Waits for the reply that says how it ended. */
  reply(index = 0, count = 1): Promise<SeenMessage> {
    return this.slack.until('the reply in the thread', () => this.thread(index)[count - 1]);
  }

  /** What only this person was told, last first. */
  whisper(who: keyof typeof people, channel = this.ops): string {
    return (
      this.as(who)
        .sees(channel)
        .filter(({ ephemeral }) => ephemeral)
        .at(-1)?.text ?? ''
    );
  }

  /** Types /neo-status and gives the private answer, as it was drawn. */
  async status(who: keyof typeof people, words = ''): Promise<SeenMessage> {
    const whispers = () =>
      this.as(who)
        .sees(this.ops)
        .filter(({ ephemeral }) => ephemeral);
    const before = whispers().length;
    await this.as(who).types(this.ops, `/neo-status ${words}`);
    return this.slack.until('the answer', () => whispers()[before]);
  }

  /** Calls that create: id-less POSTs to /api/Agent. */
  creates() {
    return this.halo.journal.filter(({ method, path, body }) => {
      const [agent] = Array.isArray(body) ? (body as unknown[]) : [];
      return (
        method === 'POST' &&
        path === '/api/Agent' &&
        typeof agent === 'object' &&
        agent !== null &&
        !('id' in agent)
      );
    });
  }
}
