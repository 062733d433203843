import { z } from 'zod';

const taskKinds = [
  'post_card',
  'redraw_card',
  'post_outcome',
  'tell_requester',
  'tell_approvers',
  'tell_approver',
  'remind_approver',
  'mention_approvers',
  'remind_approvers',
  'escalate',
  'tell_escalation',
  'post_question',
  'post_edit',
  'post_note',
  'look_for_answer',
  'redraw_message',
  'provision',
  'carry_out',
  'expire',
  'check_drift',
  'post_drift',
] as const;

/**
 * What is told, and where. `card`: the parent message in the channel; `mention`: the reply in its thread that calls the
 * approvers. The rest is told in the thread, or directly, or both.
 */
export const messageKinds = [
  'card',
  'card_problem',
  'outcome',
  'denied',
  'question',
  'edit',
  'note',
  'drift',
  'please_decide',
  'mention',
  'escalation',
] as const;

/** In the order in which claims are taken and released: all in the same order, so that nobody waits in a circle. */
export const claimKinds = ['name', 'email'] as const;

/** Epoch milliseconds. */
const time = z.int();

/**
 * The rows of every table; what is read is parsed by these. Times are epoch milliseconds, JSON is text: the
 * same SQL on every store.
 */
export const rowOf = {
  request: z.object({
    id: z.string(),
    /** From Slack's view id, or of the repair: what is submitted twice makes one request. */
    dedupe_key: z.string(),
    team_id: z.string(),
    number: z.int().positive(),
    state: z.string(),
    version: z.int().positive(),
    agent_id: z.int().nullable(),
    /** A Slack user id. Empty: the request could not be read when this was added. */
    requester: z.string(),
    /** Of the planned name and address: see `planKeys`. Empty: the request could not be read when they were added. */
    name_key: z.string(),
    email_key: z.string(),
    created_at: time,
    updated_at: time,
    /** The whole request. The columns above repeat what is searched for. */
    data: z.string(),
  }),
  /**
   * Who may have the one agent with a name or an address: unique in each. Taken with the intent to create it, and kept
   * while the agent may exist.
   */
  claim: z.object({
    /** The origin of the HaloPSA. Empty: taken over from before there were claims, until the next start. */
    instance: z.string(),
    kind: z.enum(claimKinds),
    key: z.string(),
    request_id: z.string(),
  }),
  /** The last number given out in a workspace. */
  request_number: z.object({ team_id: z.string(), number: z.int().positive() }),
  task: z.object({
    key: z.string(),
    request_id: z.string(),
    kind: z.enum(taskKinds),
    payload: z.string(),
    due_at: time,
    attempts: z.int().nonnegative(),
    lease_id: z.string().nullable(),
    lease_until: time.nullable(),
    last_error: z.string().nullable(),
    /** What it shares a limit with: see `lanes`. Empty: nothing. */
    lane: z.string(),
    /** 1: something may have been sent for it. */
    sent: z.int(),
  }),
  /** Where each message stands, for whom, and what of the request it shows. Never part of the request itself: a job goes on whatever becomes of its messages. */
  message: z.object({
    request_id: z.string(),
    kind: z.enum(messageKinds),
    /** Counts what is told more than once: see `MessageId`. */
    nth: z.int().nonnegative(),
    /** A Slack user id. Empty: it is for everybody in the channel. */
    recipient: z.string(),
    /** Null: it stands nowhere, because of `problem`. */
    channel: z.string().nullable(),
    ts: z.string().nullable(),
    /** Its permalink, when Slack told it. */
    link: z.string().nullable(),
    /** The version of the request that it shows. 0: not known. */
    version: z.int().nonnegative(),
    /** SHA-256 (hex) of what it shows. Empty: not known. */
    content: z.string(),
    /** Slack's error code, or one of ours, of what was last tried with it. */
    problem: z.string().nullable(),
  }),
  /** One row for each attempt, chained by hashes: see audit-record.ts. Rows are added and never changed. */
  audit: z.object({
    /** 1, 2, 3… without a gap. */
    seq: z.int().positive(),
    at: time,
    team_id: z.string(),
    request_id: z.string().nullable(),
    /** A Slack user id, and the workspace that Slack gave for it. Null: the app did it by itself. */
    by: z.string().nullable(),
    by_team: z.string().nullable(),
    what: z.string(),
    outcome: z.string(),
    plan_hash: z.string().nullable(),
    detail: z.string(),
    prev_hash: z.string(),
    hash: z.string(),
  }),
  /** One row: the last of `audit`. */
  audit_head: z.object({ seq: z.int().nonnegative(), hash: z.string() }),
  /** When the next post of this name would be on time, had all of them come evenly, and when it may be sent. */
  limiter: z.object({ name: z.string(), next_at: time, opens_at: time }),
  /** `slots`: JSON, how many calls of this name were made when. `version` counts its changes. */
  call_window: z.object({ name: z.string(), version: z.int().positive(), slots: z.string() }),
  schema_version: z.object({ version: z.int().nonnegative() }),
};

/** The tables as Kysely sees them. */
export type Schema = { [Table in keyof typeof rowOf]: z.infer<(typeof rowOf)[Table]> };
