import { z } from 'zod';
import { addressSources, haloErrorKinds, passingKinds, rightsCauses } from '../halo/errors.ts';
import { fields, stops } from '../fields/index.ts';
import { changes, provisioningSteps } from '../storage/audit/record.ts';
import { planSchema } from './plan.ts';

export const requestStates = [
  'pending',
  'approved',
  'provisioning',
  'done',
  'incomplete',
  'failed',
  'denied',
  'withdrawn',
  'expired',
] as const;
export type RequestState = (typeof requestStates)[number];

/** Epoch milliseconds. */
const time = z.int().nonnegative();

/** One field of the plan beside what HaloPSA reports after the agent was created. */
export const readBackSchema = z.strictObject({
  field: z.enum(fields.map(({ id }) => id)),
  planned: z.string(),
  /** What HaloPSA reports. Undefined: it reports nothing for this field. */
  reported: z.string().optional(),
  outcome: z.enum(['set', 'set_by_update', 'different', 'not_reported']),
});
export type ReadBack = z.infer<typeof readBackSchema>;

/** A field that HaloPSA reports otherwise than planned, known since. */
const driftedFieldSchema = readBackSchema.extend({ since: time });

const failureSchema = z.strictObject({
  step: z.enum(provisioningSteps),
  cause: z.enum([
    ...haloErrorKinds,
    'duplicate',
    'not_alone',
    'gone',
    ...stops.map(({ cause }) => cause),
    'differs_otherwise',
    'list_incomplete',
    'lapsed',
    'not_approved',
    'internal',
  ]),
  /** Why HaloPSA did not let us, when it tells. */
  rights: z.enum(rightsCauses).optional(),
  /** The safe code of the cause, and which address it was about, where HaloPSA’s address is the trouble. */
  code: z.string().optional(),
  at: z.strictObject({ host: z.string(), from: z.enum(addressSources) }).optional(),
  /** HaloPSA's own words, or the agents that are in the way. */
  detail: z.string().optional(),
  /** `unknown`: the create was sent, its answer was lost, and the agent is not in HaloPSA's list. */
  changed: z.enum(changes),
  /** Stands in the log too. */
  reference: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** What HaloPSA said when the request was submitted. */
const haloThenParts = {
  version: z.string().optional(),
  /** What of its agents was known, so that one who has the same would have been seen. */
  agentsKnown: z.enum(['nothing', 'part', 'names', 'names_and_emails']),
  /** Named licences. */
  licences: z.strictObject({ free: z.int().nonnegative(), all: z.int() }).optional(),
};
/** With the numbers that fields noticed, each under its key. */
type HaloThen = z.infer<z.ZodObject<typeof haloThenParts>> & Readonly<Record<string, unknown>>;
const noticedParts = fields.flatMap(({ noticed }) =>
  noticed === undefined ? [] : [[noticed.key, z.int().positive().optional()] as const],
);
const haloThenSchema = z
  .strictObject({ ...haloThenParts, ...Object.fromEntries(noticedParts) })
  .pipe(z.custom<HaloThen>());

/**
 * `vetoed`: somebody stopped what its only approver asked for. `unopposed`: nobody did, so it is carried out
 * without a second person. Both only for a request with `solo`.
 */
const decisionSchema = z.strictObject({
  by: z.string(),
  at: time,
  kind: z.enum(['approved', 'denied', 'vetoed', 'unopposed']),
  reason: z.string(),
  planHash: z.string(),
});

const agentIdSchema = z.int().positive();

const anyRequest = z.strictObject({
  id: z.uuid(),
  /** Slack's workspace. Numbers count per workspace. */
  teamId: z.string(),
  number: z.int().positive(),
  /** Counts every change: the compare-and-set of storage is on it. */
  version: z.int().positive(),
  plan: planSchema,
  planHash: z.string(),
  note: z.string(),
  requester: z.string(),
  /** When someone tried to approve it, the requester was no longer a full member. */
  requesterLeft: z.boolean().optional(),
  /** Where the card goes. */
  channel: z.string(),
  /** HaloPSA when the request was submitted. */
  haloThen: haloThenSchema.optional(),
  /** What the name or the address looks like, though it is another: see `lookalikes`. Undefined: nothing. */
  resembles: z.array(z.strictObject({ field: z.enum(['name', 'email']), what: z.string() })).optional(),
  createdAt: time,
  expiresAt: time,
  updatedAt: time,
  /** How many different people must approve. Undefined: asked before there was a choice; one. */
  approvalsRequired: z.int().positive().optional(),
  /** Those who approved this very plan. The last one that was needed is the decision too. */
  approvals: z.array(z.strictObject({ by: z.string(), at: time, planHash: z.string() })).optional(),
  decision: decisionSchema.optional(),
  /**
   * Undefined: enough others may approve. `unknown`: when it was asked for, Slack had not told enough of who may.
   * `too_few`: that is known by now.
   */
  quorum: z.enum(['unknown', 'too_few']).optional(),
  /** When its approval proved nothing any more, and it was asked for again. */
  askedAgainAt: time.optional(),
  /** The requester is the only approver: it is carried out then, unless somebody stops it. */
  solo: z.strictObject({ carryOutAt: time }).optional(),
  /** The create must be sent before then, or the approval lapses. */
  executeBy: time.optional(),
  /** The last edit: what the plan and the note were before it, and whose approvals it made void. */
  edit: z
    .strictObject({
      /** The Slack view that it was submitted in: delivered twice, it changes once. */
      viewId: z.string(),
      at: time,
      planBefore: planSchema,
      noteBefore: z.string(),
      voided: z.array(z.string()),
    })
    .optional(),
  /** What approvers asked the requester, in the order asked. */
  questions: z
    .array(
      z.strictObject({
        viewId: z.string(),
        by: z.string(),
        at: time,
        text: z.string(),
        /** The requester has replied in the thread since. */
        isAnswered: z.boolean().optional(),
      }),
    )
    .optional(),
  /** It sets an agent to the plan of an earlier request again: of that one, with what differed when this was asked. */
  repairs: z
    .strictObject({
      requestId: z.uuid(),
      number: z.int().positive(),
      agentId: z.int().positive(),
      fields: z.array(driftedFieldSchema),
    })
    .optional(),
  /**
   * An approver had it created although HaloPSA's list of agents is not whole, so that one of this name or address may be
   * there already. For one create.
   */
  createAnyway: z.strictObject({ by: z.string(), at: time, planHash: z.string() }).optional(),
  /**
   * Written before the POST, and only when no agent has this name or email: from then on an agent with both
   * is the one that the POST made. Gone again when HaloPSA provably created nothing.
   * Of a repair: written before its first update.
   * `instance`: the origin of the HaloPSA that it was for. Undefined: a repair, or stored before there were claims.
   */
  intent: z.strictObject({ at: time, instance: z.string().optional() }).optional(),
  /** The intent is an earlier try's: this one has sent nothing so far, and may create the agent if it is missing. */
  hasOldIntent: z.boolean().optional(),
  /** How often this run has waited for HaloPSA. */
  haloWaits: z.int().nonnegative().optional(),
  /** HaloPSA is not called before then. The job continues automatically. */
  waitingUntil: time.optional(),
  /** Why it waits. */
  waitingBecause: z.enum(passingKinds).optional(),
  /** Nothing proves whether the agent was created, and we look whether HaloPSA has it. */
  isSearching: z.boolean().optional(),
  /** What HaloPSA said when it refused to create the agent, while that is looked after. */
  rejection: z.string().optional(),
  /** Somebody asked to look for the agent and to create nothing. */
  looksOnly: z.boolean().optional(),
  /** The agent that was created; of a repair, from right before the first update on. */
  agentId: agentIdSchema.optional(),
  /** No answer to the create is recorded, and the agent was found in HaloPSA's list. */
  adopted: z.boolean(),
  readBack: z.array(readBackSchema).optional(),
  failure: failureSchema.optional(),
  /** What had failed when somebody sent it to HaloPSA again, and who did. Of the last time. */
  triedAgain: z
    .strictObject({
      by: z.string(),
      at: time,
      how: z.enum(['try_again', 'check_again', 'create_anyway']),
      /** The version of the request that had failed. */
      version: z.int().positive(),
      failure: failureSchema,
      agentId: z.int().positive().optional(),
    })
    .optional(),
  /** What the daily check found otherwise than when the request ended. Gone again when there is nothing. */
  drift: z
    .strictObject({
      /** When the last of it was found. Each such find is told once. */
      newsAt: time,
      fields: z.array(driftedFieldSchema),
      /** HaloPSA no longer has the agent. */
      goneSince: time.optional(),
    })
    .optional(),
});

const setUp = { agentId: agentIdSchema, readBack: z.array(readBackSchema).default([]) };
/** What is there in each state. */
const inState = {
  pending: anyRequest.extend({ state: z.literal('pending') }),
  approved: anyRequest.extend({ state: z.literal('approved') }),
  provisioning: anyRequest.extend({ state: z.literal('provisioning') }),
  done: anyRequest.extend({ state: z.literal('done'), ...setUp }),
  incomplete: anyRequest.extend({ state: z.literal('incomplete'), ...setUp }),
  failed: anyRequest.extend({ state: z.literal('failed'), failure: failureSchema }),
  denied: anyRequest.extend({ state: z.literal('denied'), decision: decisionSchema }),
  withdrawn: anyRequest.extend({ state: z.literal('withdrawn') }),
  expired: anyRequest.extend({ state: z.literal('expired') }),
};

export const requestSchema = z.discriminatedUnion('state', [
  inState.pending,
  inState.approved,
  inState.provisioning,
  inState.done,
  inState.incomplete,
  inState.failed,
  inState.denied,
  inState.withdrawn,
  inState.expired,
]);
export type Request = z.infer<typeof requestSchema>;
/** All that is known of one, whatever its state. */
export type RequestFacts = z.infer<typeof anyRequest>;
export type RequestIn<State extends RequestState> = Extract<Request, { state: State }>;

/** Of a longer note the card shows so many characters. */
export const maxNoteOnCard = 300;

export function isLongNote(note: string): boolean {
  return Array.from(note).length > maxNoteOnCard;
}

/** The request with what this state needs. @throws when something of it is missing: a bug */
export function requestIn<State extends RequestState>(state: State, facts: RequestFacts): RequestIn<State> {
  const schemas: { [S in RequestState]: z.ZodType<RequestIn<S>> } = inState;
  return schemas[state].parse({ ...facts, state });
}
