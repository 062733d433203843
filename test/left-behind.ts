import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { checkBlocks } from '../sandbox/slack/block-kit.ts';
import type { LocalSlack } from '../sandbox/slack/local-slack.ts';
import type { Stage } from './stage.ts';
import { newFolder } from './stored.ts';

const messageSchema = z.object({
  ts: z.string(),
  channel: z.string(),
  threadTs: z.string().optional(),
  author: z.string(),
  text: z.string(),
  blocks: z.unknown(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});
const roleSchema = z.object({ id: z.string(), name: z.string() });
const teamSchema = z.object({
  id: z.int(),
  name: z.string(),
  department_id: z.int(),
  department_name: z.string(),
  inactive: z.boolean(),
});
const agentSchema = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string(),
  isdisabled: z.boolean(),
  isapiagent: z.boolean(),
  team: z.string(),
  teams: z.array(teamSchema),
  roles: z.array(roleSchema),
  workday_id: z.int(),
  timezone: z.string(),
});
const outsideSchema = z.object({
  /** When the app was stopped, in epoch milliseconds. */
  stoppedAt: z.int(),
  /** Those in channels: what the app writes to people directly holds nothing to press. */
  messages: z.array(messageSchema),
  agents: z.array(agentSchema),
});

/** What stood in Slack and HaloPSA when an app was stopped. What the app kept itself is in its DATA_DIR. */
export type Outside = z.infer<typeof outsideSchema>;

/** Takes down what stands in the Slack and the HaloPSA of this stage. */
export function outsideOf({ slack, halo, now }: Stage): Outside {
  const { channels, messages } = slack.store;
  return outsideSchema.parse({
    stoppedAt: now(),
    messages: messages.filter(({ channel }) => channels.get(channel)?.isIm !== true),
    agents: halo.agents,
  });
}

/** Puts back what stood in Slack, with the times that it had. */
export function restoreSlack({ messages }: Outside): (slack: LocalSlack) => void {
  return ({ store }) => {
    for (const { ts, blocks, threadTs, metadata, ...message } of messages) {
      const checked = checkBlocks(blocks);
      if ('error' in checked) throw new Error(`Slack would not have taken ${ts}: ${checked.errors.join()}`);
      Object.assign(store.post({ ...message, threadTs, metadata, blocks: checked.value }), { ts });
    }
  };
}

const fileOf = (version: string, name: string) =>
  fileURLToPath(new URL(`fixtures/${version}/${name}`, import.meta.url));

/** What stood outside when this version was stopped. */
export function outsideLeftBy(version: string): Outside {
  return outsideSchema.parse(JSON.parse(readFileSync(fileOf(version, 'outside.json'), 'utf8')));
}

/**
 * Everything goes by the clock of that time, so that what waited then still needs. All of it, and not just the stage:
 * Slack's library refuses what was signed long ago. Returns what sets the clock right again.
 */
export function atTheTimeOf({ stoppedAt }: Outside): () => void {
  const realNow = Date.now;
  const behindMs = realNow() - stoppedAt;
  Date.now = () => realNow() - behindMs;
  return () => {
    Date.now = realNow;
  };
}

/** A copy of the DATA_DIR that this version left. */
export function dataDirLeftBy(version: string): string {
  const dataDir = newFolder();
  copyFileSync(fileOf(version, 'neo-setup.db'), join(dataDir, 'neo-setup.db'));
  return dataDir;
}

/** The file with the dump of the PostgreSQL database that this version left. */
export const dumpLeftBy = (version: string) => fileOf(version, 'postgres.sql');
