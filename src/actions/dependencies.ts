import type { Logger } from 'pino';
import type { Budgets } from '../budgets.ts';
import type { Config } from '../config.ts';
import type { HaloClient } from '../halo/client.ts';
import type { Directory } from '../halo/directory.ts';
import type { Identity } from '../slack/connection.ts';
import type { Channels } from '../slack/channels.ts';
import type { Homes } from '../slack/homes.ts';
import type { People } from '../slack/people.ts';
import type { RosterReader } from '../slack/roster.ts';
import type { Db } from '../storage/database.ts';
import type { Repeats } from './refused.ts';

/** What every command is given. Wired in app.ts. */
export type Dependencies = {
  config: Pick<Config, 'policy' | 'approvalsChannel'>;
  identity: Identity;
  db: Db;
  halo: HaloClient;
  /** The origin of its address. */
  instance: string;
  /** The API application that this app signs in with. */
  ownClientId: string;
  directory: Directory;
  people: People;
  channels: Channels;
  roster: Pick<RosterReader, 'current' | 'currentSoon'>;
  homes: Homes;
  /** Resolves when nobody waits for an acknowledgement: what is nice to have waits for it. */
  quiet: () => Promise<void>;
  log: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  newReference: () => string;
  budgets: Budgets;
  repeats: Repeats;
  /** Of questions that HaloPSA must be asked for. */
  countLookUp: (who: string) => number;
  /** Tasks were stored: somebody should look. */
  wake: () => void;
};
