import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Faults, type PlannedFault } from '../faults.ts';
import { ackWithinMs, timedOut, type Delivery, type Sent } from './delivery.ts';
import { Events, slacksRetriesAfterMs, type SlackEvent } from './events.ts';
import { slackFaultAnswer, type OwnSlackFault, type SlackFault } from './faults.ts';
import { httpDelivery } from './http-delivery.ts';
import { readManifest, type Manifest } from './manifest.ts';
import type { Answer, Args } from './methods/answer.ts';
import { PersonAtSlack } from './person.ts';
import { RateLimits } from './rate-limits.ts';
import { ResponseUrls } from './response-urls.ts';
import { SocketMode } from './socket-mode.ts';
import { Store, type StoredMessage } from './store.ts';
import { Tokens } from './tokens.ts';
import { methods, readArguments, WebApi } from './web-api.ts';
import { channels, people, userGroups, type Channel, type Person } from './workspace.ts';

/** A call of the Web API. `answer`: undefined where a fault came before it. */
export type SlackCall = { at: number; method: string; args: Args; answer: Answer | undefined };

export type LocalSlackOptions = {
  /** The text of manifest.yml: its scopes, commands, shortcuts and events are what this Slack allows. */
  manifest: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** `https://slack.com`, or the address where this Slack is served. */
  webBase: () => string;
  /** Where response_urls point to. */
  hooksBase: () => string;
  now?: () => number;
  /** Whether calls are limited as Slack limits them. Off where time is not the matter. */
  rateLimits?: boolean;
  /** When an event comes again that was not acknowledged. */
  eventRetriesAfterMs?: readonly number[];
};

/** Longer than any wait by design, on a machine that is busy with something else. */
const untilMs = 30_000;

/** A Slack on this machine: one workspace, its Web API, and people who type, read and press. */
export class LocalSlack {
  /** What the app called. */
  readonly journal: SlackCall[] = [];
  private readonly held = new Map<string, () => Promise<void>>();
  /** Slack answers 429 until the time that it asked for is over, to every call of the method. */
  private readonly limitedUntil = new Map<string, number>();
  private readonly delays = new Map<string, { ms: number; isMeant: (args: Args) => boolean }>();
  /** What the app was sent. */
  readonly deliveries: Sent[] = [];
  /** What Slack could not take of the app's answers; people only see that there was trouble. */
  readonly problems: string[] = [];
  readonly store: Store;
  readonly manifest: Manifest;
  readonly socketMode = new SocketMode(() => {
    this.store.changed();
  });
  private readonly options: LocalSlackOptions;
  private readonly faults = new Faults<string, OwnSlackFault>(slackFaultAnswer);
  private readonly responseUrls: ResponseUrls;
  private readonly rateLimits: RateLimits;
  private readonly events: Events;
  private readonly webApi: WebApi;
  private transport: Delivery = this.socketMode.deliver;

  constructor(options: LocalSlackOptions) {
    this.options = options;
    this.manifest = readManifest(options.manifest);
    this.store = new Store({
      people: Object.values(people),
      channels: Object.values(channels),
      userGroups,
      now: options.now ?? Date.now,
    });
    this.responseUrls = new ResponseUrls(this.store, this.manifest.scopes);
    this.rateLimits = new RateLimits(this.store.now);
    const tokens = new Tokens({ ...options, now: this.store.now });
    this.webApi = new WebApi({ store: this.store, manifest: this.manifest, tokens }, () =>
      this.socketMode.newUrl(options.webBase()),
    );
    this.events = new Events({
      manifest: this.manifest,
      store: this.store,
      deliver: this.deliver,
      retriesAfterMs: options.eventRetriesAfterMs ?? slacksRetriesAfterMs,
    });
  }

  /**
   * Payloads go to this address, signed; or each to the one that a load balancer picks. Without it they go to the open
   * sockets.
   */
  sendTo(url: string | (() => string)): void {
    const pick = typeof url === 'string' ? () => url : url;
    this.transport = httpDelivery(pick, this.options.signingSecret, this.store.now);
  }

  attachSockets(server: Server): void {
    this.socketMode.attach(server);
  }

  /** What this person can do and see. */
  as(userId: string): PersonAtSlack {
    return new PersonAtSlack({
      store: this.store,
      user: this.store.person(userId),
      manifest: this.manifest,
      responseUrls: this.responseUrls,
      hooksBase: this.options.hooksBase,
      deliver: this.deliver,
      emit: (event, name) => this.events.emit(event, name),
      complain: (problem) => this.problems.push(problem),
    });
  }

  /** Tells the app of an event, when its manifest subscribes to it. */
  emit(event: SlackEvent): Promise<void> {
    return this.events.emit(event);
  }

  /** Turns event subscriptions on again, after Slack disabled them. */
  enableEvents(): void {
    this.events.enable();
  }

  messages(channelId: string): StoredMessage[] {
    return this.store.messages.filter(({ channel }) => channel === channelId);
  }

  fail(method: string, fault: SlackFault, times = 1): PlannedFault {
    return this.faults.plan(method, fault, times);
  }

  /** The next call of this method is answered well, but not before `release`. */
  hold(method: string): PlannedFault & { release: () => void } {
    let meet = () => {};
    let release = () => {};
    const met = new Promise<void>((resolve) => (meet = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    this.held.set(method, () => {
      this.held.delete(method);
      meet();
      return released;
    });
    return { met, release };
  }

  /** Every call of this method, or each that is meant, is answered so many milliseconds late, until `heal()`. */
  slow(method: string, ms: number, isMeant: (args: Args) => boolean = () => true): void {
    this.delays.set(method, { ms, isMeant });
  }

  /** How many faults have not met their call yet. */
  get faultsWaiting(): number {
    return this.faults.waiting;
  }

  heal(): void {
    this.delays.clear();
    this.limitedUntil.clear();
    this.faults.heal();
  }

  changePerson(id: string, change: Partial<Person>): void {
    this.store.people.set(id, { ...this.store.person(id), ...change });
  }

  changeChannel(id: string, change: Partial<Channel>): void {
    const channel = this.store.channels.get(id);
    if (channel !== undefined) this.store.channels.set(id, { ...channel, ...change });
    this.store.changed();
  }

  /** Waits for what `read` finds; looks again after every change. @throws after ten seconds */
  until<T>(what: string, read: () => T | undefined | false | '', withinMs = untilMs): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = read();
        if (found === undefined || found === false || found === '') return;
        clearTimeout(timer);
        stopListening();
        resolve(found);
      };
      const stopListening = this.store.onChange(look);
      const timer = setTimeout(() => {
        stopListening();
        const seen = this.store.messages.map(({ text }) => text).join('\n---\n');
        reject(new Error(`Waited in vain for ${what}. Messages so far:\n${seen}`));
      }, withinMs);
      look();
    });
  }

  stop(): void {
    this.heal();
    this.events.stop();
    this.socketMode.stop();
  }

  /** Answers the Web API (`/api/…`) and response_urls (`/commands/…`). */
  fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const response = pathname.startsWith('/api/')
      ? await this.callMethod(pathname.slice('/api/'.length), request)
      : await this.answerUrl(pathname, request);
    this.store.changed();
    return response;
  };

  /** Faults of `response_url` are planned under that name. */
  private async answerUrl(pathname: string, request: Request): Promise<Response> {
    const fault = this.faults.take((method) => method === 'response_url');
    return fault === undefined ? this.responseUrls.answer(pathname, request) : this.faults.answer(fault);
  }

  /** An answer that comes too late is none, by this workspace's clock too. */
  private readonly deliver: Delivery = async (type, payload, retry) => {
    const at = this.store.now();
    const sent: Sent = { at, type, payload, retry, ack: undefined };
    this.deliveries.push(sent);
    const ack = await this.transport(type, payload, retry);
    sent.ack = this.store.now() - at > ackWithinMs ? timedOut : ack;
    this.store.changed();
    return sent.ack;
  };

  private async callMethod(name: string, request: Request): Promise<Response> {
    const args = await readArguments(name, request);
    await this.held.get(name)?.();
    const delay = this.delays.get(name);
    if (delay?.isMeant(args) === true) await pause(delay.ms, undefined, { ref: false });
    const planned = this.limited(name) ?? this.faults.take((method) => method === name);
    if (planned?.kind === 'rate_limited') this.limit(name, planned.retryAfter);
    const fault = planned ?? this.tooFast(name, args);
    const done = fault === undefined || fault.after === true;
    const answer = done ? this.webApi.run(name, args, request.headers) : undefined;
    this.journal.push({ at: this.store.now(), method: name, args, answer });
    if (fault !== undefined) {
      this.store.changed();
      return this.faults.answer(fault);
    }
    return Response.json(answer, { headers: { 'x-oauth-scopes': this.webApi.scopesOf(request.headers) } });
  }

  private limit(name: string, retryAfter: number): void {
    const until = this.store.now() + retryAfter * 1_000;
    this.limitedUntil.set(name, Math.max(until, this.limitedUntil.get(name) ?? 0));
  }

  private limited(name: string): SlackFault | undefined {
    const leftMs = (this.limitedUntil.get(name) ?? 0) - this.store.now();
    return leftMs > 0 ? { kind: 'rate_limited', retryAfter: Math.ceil(leftMs / 1_000) } : undefined;
  }

  private tooFast(name: string, args: Args): SlackFault | undefined {
    const method = methods[name];
    if (this.options.rateLimits !== true || method === undefined) return undefined;
    const retryAfter = this.rateLimits.take(name, method.tier, args);
    return retryAfter === undefined ? undefined : { kind: 'rate_limited', retryAfter };
  }
}
