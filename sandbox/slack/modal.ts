import { z } from 'zod';
import { checkSuggestion, checkView, type InputBlock, type Option } from './block-kit.ts';
import type { Ack, Payload } from './delivery.ts';
import type { Context } from './person.ts';
import { readView } from './read.ts';
import { isEmpty, shownValue, type FieldState } from './state.ts';
import type { OpenView } from './store.ts';

export type Submitted = {
  outcome: 'closed' | 'errors' | 'updated' | 'failed';
  errors: Record<string, string>;
};

const answerSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

const requiredMessage = 'Please complete this required field.';

/** A modal on somebody's screen: filled in by its labels, as a person does. */
export class OpenModal {
  private readonly open: OpenView;
  private readonly context: Context;
  private readonly send: (type: string, open: OpenView, extra: Payload) => Promise<Ack>;

  constructor(
    open: OpenView,
    context: Context,
    send: (type: string, open: OpenView, extra: Payload) => Promise<Ack>,
  ) {
    this.open = open;
    this.context = context;
    this.send = send;
  }

  get title(): string {
    return this.open.view.title.text;
  }

  /** Everything on it. */
  text(): string {
    return readView(this.open.view, this.open.values, this.open.errors, this.context.store.names);
  }

  /** What the field shows. */
  value(label: string): string {
    return shownValue(this.state(label).state);
  }

  fill(label: string, value: string): void {
    const { block, state } = this.state(label);
    if (!('value' in state)) throw new Error(`${label} is not a text field`);
    const { element } = block;
    const most = element.type === 'plain_text_input' ? (element.max_length ?? 3000) : 3000;
    if (Array.from(value).length > most) throw new Error(`${label} takes ${most} characters`);
    this.set(block, { ...state, value });
  }

  /** What Slack offers while somebody types `query` in an external select. */
  async search(label: string, query: string): Promise<Option[]> {
    const { block } = this.state(label);
    const { element } = block;
    if (element.type !== 'external_select' && element.type !== 'multi_external_select')
      throw new Error(`${label} does not search`);
    if (Array.from(query).length < (element.min_query_length ?? 3)) return [];
    const extra = { block_id: block.block_id, action_id: element.action_id, value: query };
    const ack = await this.send('block_suggestion', this.open, extra);
    if (!ack.ok) throw new Error(`No options: ${ack.failure}`);
    const checked = checkSuggestion(ack.answer);
    if ('errors' in checked) throw new Error(checked.errors.join('\n'));
    return checked.value.options;
  }

  /** Searches for each text and chooses the option that reads exactly so. */
  async choose(label: string, ...texts: string[]): Promise<void> {
    const { block } = this.state(label);
    const chosen: Option[] = [];
    for (const text of texts) {
      const offered = await this.search(label, text);
      const option = offered.find((one) => one.text.text === text);
      if (option === undefined)
        throw new Error(`${label} offers ${offered.map((one) => one.text.text).join(', ')}, not ${text}`);
      chosen.push(option);
    }
    const [first = null] = chosen;
    if (block.element.type === 'external_select')
      this.set(block, { type: 'external_select', selected_option: first });
    else this.set(block, { type: 'multi_external_select', selected_options: chosen });
  }

  check(label: string, on: boolean): void {
    const { block } = this.state(label);
    if (block.element.type !== 'checkboxes') throw new Error(`${label} is no checkbox`);
    this.set(block, { type: 'checkboxes', selected_options: on ? block.element.options.slice(0, 1) : [] });
  }

  /** Presses the submit button. `times`: how often Slack delivers it. Errors come by label. */
  async submit(times = 1): Promise<Submitted> {
    if (this.open.view.submit === undefined) throw new Error(`There is no submit button on:\n${this.text()}`);
    const missing = this.inputs().filter((block) => block.optional !== true && isEmpty(this.stateOf(block)));
    if (missing.length > 0)
      return {
        outcome: 'errors',
        errors: Object.fromEntries(missing.map(({ label }) => [label.text, requiredMessage])),
      };
    const acks = await Promise.all(
      Array.from({ length: times }, () => this.send('view_submission', this.open, { response_urls: [] })),
    );
    const outcomes = acks.map((ack) => this.take(ack));
    this.context.store.changed();
    return outcomes[0] ?? { outcome: 'failed', errors: {} };
  }

  close(): void {
    this.open.closed = true;
  }

  private take(ack: Ack): Submitted {
    if (!ack.ok) return { outcome: 'failed', errors: { '': 'We had some trouble connecting. Try again?' } };
    if (ack.answer === undefined) {
      this.open.closed = true;
      return { outcome: 'closed', errors: {} };
    }
    const answer = answerSchema.parse(ack.answer);
    if (answer.response_action === 'clear') {
      this.open.closed = true;
      return { outcome: 'closed', errors: {} };
    }
    if (answer.response_action === 'update') {
      const checked = checkView(answer.view);
      if ('errors' in checked) throw new Error(checked.errors.join('\n'));
      this.context.store.replaceView(this.open, checked.value);
      return { outcome: 'updated', errors: {} };
    }
    this.open.errors = answer.errors;
    const byLabel = Object.entries(answer.errors).map(([blockId, text]) => {
      const block = this.inputs().find((one) => one.block_id === blockId);
      if (block === undefined) throw new Error(`We had some trouble connecting: no input block ${blockId}`);
      return [block.label.text, text] as const;
    });
    return { outcome: 'errors', errors: Object.fromEntries(byLabel) };
  }

  private inputs(): InputBlock[] {
    return this.open.view.blocks.filter((block) => block.type === 'input');
  }

  private state(label: string): { block: InputBlock; state: FieldState } {
    const block = this.inputs().find((one) => one.label.text === label);
    const state = block && this.stateOf(block);
    if (block === undefined || state === undefined)
      throw new Error(`There is no field ${label} in:\n${this.text()}`);
    return { block, state };
  }

  private stateOf(block: InputBlock): FieldState | undefined {
    return this.open.values[block.block_id ?? '']?.[block.element.action_id];
  }

  private set(block: InputBlock, state: FieldState): void {
    this.open.values[block.block_id ?? ''] = { [block.element.action_id]: state };
  }
}
