import { z } from 'zod';
import { checkView, type View } from './block-kit.ts';
import type { InputBlock } from './block-kit/blocks.ts';
import { interact, type Context } from './acting.ts';
import type { Ack } from './delivery.ts';
import { complaintAbout } from './entering.ts';
import { Fields } from './fields.ts';
import { personPayload, viewOutput } from './payloads.ts';
import { readView } from './read-view.ts';
import type { OpenView } from './views.ts';

export type Submitted = {
  outcome: 'closed' | 'errors' | 'updated' | 'pushed' | 'failed';
  /** By the label of the field; what is said of the whole form stands under ''. */
  errors: Record<string, string>;
};

const answerSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string().min(1)) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

/** A modal on somebody's screen: filled in by its labels, as a person does. */
export class OpenModal extends Fields {
  private readonly open: OpenView;

  constructor(context: Context, open: OpenView) {
    super(context, { on: 'modal', open });
    this.open = open;
  }

  get title(): string {
    return this.open.view.title.text;
  }

  text(): string {
    return readView(this.open.view, this.open.values, this.open.errors, this.context.store.names);
  }

  get canSubmit(): boolean {
    return this.open.view.submit !== undefined;
  }

  /** Presses the submit button. `times`: how often Slack delivers it. */
  async submit(times = 1): Promise<Submitted> {
    const complaints = this.fields().flatMap((field) => {
      const complaint =
        field.input && complaintAbout(field.input, this.state(field), this.context.store.names);
      return complaint === undefined ? [] : [[field.blockId, complaint] as const];
    });
    return complaints.length > 0
      ? this.showErrors(Object.fromEntries(complaints))
      : this.submitUnchecked(times);
  }

  /** The same on a client that checks nothing: the app cannot rely on Slack's checks. */
  async submitUnchecked(times = 1): Promise<Submitted> {
    if (this.open.view.submit === undefined) throw new Error(`There is no submit button on:\n${this.text()}`);
    const acks = await Promise.all(Array.from({ length: times }, () => this.sendSubmission()));
    const outcomes = acks.map((ack) => this.take(ack));
    this.context.store.changed();
    return outcomes[0] ?? { outcome: 'failed', errors: {} };
  }

  /** Presses Cancel: back to the view below, or out of all of them with `clear_on_close`. */
  close(): void {
    if (this.open.view.clear_on_close === true) this.dismiss();
    else this.leave([this.open], false);
  }

  /** Presses ✕: every view of the stack is gone. */
  dismiss(): void {
    this.leave(this.context.store.screens.stackOf(this.open), true);
  }

  private leave(views: OpenView[], isCleared: boolean): void {
    for (const view of views) {
      view.closed = true;
      if (view.view.notify_on_close !== true) continue;
      const payload = { ...viewOutput(view), state: { values: {} } };
      void interact(this.context, {
        ...personPayload('view_closed', this.context.user),
        view: payload,
        is_cleared: isCleared,
      });
    }
    this.context.store.changed();
  }

  private sendSubmission(): Promise<Ack> {
    const { store, user } = this.context;
    const { id, conversation } = this.open;
    return interact(this.context, {
      ...personPayload('view_submission', user),
      trigger_id: store.newTrigger(user.id, {
        viewId: id,
        ...(conversation !== undefined && { conversation }),
      }),
      view: viewOutput(this.open),
      response_urls: this.responseUrls(),
    });
  }

  /** A url for each conversation that was chosen where the app asked for one. */
  private responseUrls() {
    return this.fields().flatMap((field) => {
      const state = this.state(field);
      if (!('response_url_enabled' in field.element) || field.element.response_url_enabled !== true)
        return [];
      const channel =
        state?.type === 'conversations_select'
          ? state.selected_conversation
          : state?.type === 'channels_select'
            ? state.selected_channel
            : null;
      if (channel === null) return [];
      const target = { channel, user: this.context.user.id, message: undefined };
      return [
        {
          block_id: field.blockId,
          action_id: field.element.action_id,
          channel_id: channel,
          response_url: this.context.responseUrls.give(this.context.hooksBase(), target),
        },
      ];
    });
  }

  private take(ack: Ack): Submitted {
    if (!ack.ok) return this.trouble(ack.failure);
    if (ack.answer === undefined) {
      this.open.closed = true;
      return { outcome: 'closed', errors: {} };
    }
    const answer = answerSchema.safeParse(ack.answer);
    if (!answer.success) return this.trouble(`no such response_action: ${JSON.stringify(ack.answer)}`);
    switch (answer.data.response_action) {
      case 'clear':
        for (const view of this.context.store.screens.stackOf(this.open)) view.closed = true;
        return { outcome: 'closed', errors: {} };
      case 'update':
        return this.takeView(answer.data.view, (view) => {
          this.context.store.screens.replace(this.open, view);
          return { outcome: 'updated', errors: {} };
        });
      case 'push':
        return this.takeView(answer.data.view, (view) =>
          this.context.store.screens.push(this.open, view) === undefined
            ? this.trouble('push_limit_reached')
            : { outcome: 'pushed', errors: {} },
        );
      case 'errors':
        return this.takeErrors(answer.data.errors);
    }
  }

  private takeView(view: unknown, use: (view: View) => Submitted): Submitted {
    const checked = checkView(view, this.context.manifest);
    if ('errors' in checked) return this.trouble([checked.error, ...checked.errors].join('\n'));
    const isTaken = this.context.store.screens.hasExternalId(checked.value.external_id, this.open);
    return isTaken ? this.trouble('duplicate_external_id') : use(checked.value);
  }

  /** Slack takes errors for the input blocks of this view only. */
  private takeErrors(errors: Record<string, string>): Submitted {
    const known = this.inputs().map(({ block_id: id }) => id);
    const unknown = Object.keys(errors).filter((id) => !known.includes(id));
    if (unknown.length > 0) return this.trouble(`errors for no input block: ${unknown.join(', ')}`);
    return Object.keys(errors).length === 0 ? this.trouble('errors without any') : this.showErrors(errors);
  }

  private showErrors(byBlock: Record<string, string>): Submitted {
    this.open.errors = byBlock;
    const label = (id: string) => this.inputs().find(({ block_id: own }) => own === id)?.label.text ?? id;
    const byLabel = Object.entries(byBlock).map(([id, text]) => [label(id), text]);
    return { outcome: 'errors', errors: Object.fromEntries(byLabel) as Record<string, string> };
  }

  /** All that a person learns of it. */
  private trouble(problem: string): Submitted {
    this.context.complain(problem);
    return { outcome: 'failed', errors: { '': 'We had some trouble connecting. Try again?' } };
  }

  private inputs(): InputBlock[] {
    return this.fields().flatMap(({ input }) => input ?? []);
  }
}
