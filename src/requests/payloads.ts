import { z } from 'zod';
import { messageKinds } from '../storage/schema.ts';
import type { TaskKind } from '../storage/tasks.ts';

/** What the requester may have to be told directly. */
const toldRequester = ['card_problem', 'denied', 'outcome', 'question', 'drift'] as const;
export type ToldRequester = (typeof toldRequester)[number];

const json = z.string().transform((text): unknown => JSON.parse(text));
const count = z.coerce.number<string>().int();
const nothing = z.string();

/** `asked`: the approval that this is about: see `askedAt`. What is asked anew ends what went before. `to` empty: the thread. */
const asked = json.pipe(
  z.object({
    to: z.string().default(''),
    asked: z.int(),
    reminders: z.int().nonnegative().default(0),
  }),
);
export type Asked = z.output<typeof asked>;

/** What the tasks of each kind carry besides the request that they are about. What was stored by version 0.1.0 is read too. */
export const payloads = {
  /** Which card: see `cardFor`. */
  post_card: count,
  redraw_card: nothing,
  post_outcome: nothing,
  /** `what` or `what:nth`: see `MessageId`. */
  tell_requester: z
    .string()
    .transform((text) => {
      const [what, nth = '0'] = text.split(':');
      return { what, nth };
    })
    .pipe(z.object({ what: z.enum(toldRequester), nth: count })),
  tell_approvers: nothing,
  tell_approver: asked,
  remind_approver: asked,
  mention_approvers: asked,
  remind_approvers: asked,
  escalate: nothing,
  tell_escalation: asked,
  /** Which question, from 0. */
  post_question: count,
  post_edit: nothing,
  post_note: nothing,
  /** How often that was done before. */
  look_for_answer: count,
  /** Which message. */
  redraw_message: json.pipe(z.object({ kind: z.enum(messageKinds), nth: z.int(), recipient: z.string() })),
  provision: nothing,
  /** The time that it is for, in epoch milliseconds: an edit changes it, and a task may come too early. */
  carry_out: count,
  expire: count,
  check_drift: nothing,
  /** Names what is told: see `driftNews`. */
  post_drift: nothing,
} satisfies Record<TaskKind, z.ZodType>;
