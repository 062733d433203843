import { checkSuggestion } from './block-kit.ts';
import type { InputElement } from './block-kit/blocks.ts';
import type { Option, Selected } from './block-kit/composition.ts';
import { interactiveIn, nameOf, type Placed } from './block-kit/interactive.ts';
import { act, blocksOf, pressableIn, suggest, valuesOf, type Context, type Place } from './acting.ts';
import { maxChosen, ownOptions, withNames, withOptions } from './choosing.ts';
import type { Ack } from './delivery.ts';
import { entered } from './entering.ts';
import { hasState, isTypedInto, shownValue, type FieldState, type UploadedFile } from './state.ts';

/** What a person reads on it; with the ids of its block and element where several read the same. */
export type Named = string | { label: string; block?: string; action?: string };

type Field = Placed & { element: InputElement };
/** What made a text field change, in the words of `dispatch_action_config`. */
type Typing = 'on_character_entered' | 'on_enter_pressed';

/** Something on a screen with fields and buttons, which are named by what a person reads on them. */
export abstract class Fields {
  protected readonly context: Context;
  protected readonly place: Place;

  constructor(context: Context, place: Place) {
    this.context = context;
    this.place = place;
  }

  /** Everything on it. */
  abstract text(): string;

  /** What the field shows. */
  value(name: Named): string {
    return shownValue(this.state(this.field(name)), this.context.store.names);
  }

  /** Types into the field. Dates are YYYY-MM-DD, times HH:mm, both together unix seconds. */
  fill(name: Named, value: string): void {
    const field = this.field(name);
    void this.set(field, entered(field.element, labelOf(name), value), 'on_character_entered');
  }

  /** Presses Enter in a text field. */
  async enter(name: Named): Promise<void> {
    const field = this.field(name);
    const state = this.state(field);
    if (state !== undefined) await this.set(field, state, 'on_enter_pressed');
  }

  /** What Slack offers while somebody types `query` in an external select. @throws when the app has no answer */
  search(name: Named, query: string): Promise<Option[]> {
    return this.searchIn(this.field(name), query);
  }

  private async searchIn(field: Field, query: string): Promise<Option[]> {
    const { element } = field;
    if (element.type !== 'external_select' && element.type !== 'multi_external_select')
      throw new Error(`${nameOf(field)} does not search`);
    if (Array.from(query).length < (element.min_query_length ?? 3)) return [];
    const ack = await suggest(this.context, this.place, field, query);
    if (!ack.ok) throw new Error(`No options: ${ack.failure}`);
    const checked = checkSuggestion(ack.answer);
    if ('errors' in checked) throw new Error(checked.errors.join('\n'));
    return 'options' in checked.value
      ? checked.value.options
      : checked.value.option_groups.flatMap(({ options }) => options);
  }

  /** Chooses the options, people or channels that read exactly so. None: empties the field. */
  async choose(name: Named, ...texts: string[]): Promise<void> {
    const field = this.field(name);
    const label = labelOf(name);
    const most = maxChosen(field.element);
    if (texts.length > most) throw new Error(`${label} takes ${most}`);
    const state =
      withNames(field.element, texts, this.context.store) ??
      withOptions(field.element, await this.optionsNamed(field, texts));
    if (state === undefined) throw new Error(`${label} is not a field to choose in`);
    await this.set(field, state);
  }

  /** Turns the first of its checkboxes on or off. */
  check(name: Named, on: boolean): void {
    const field = this.field(name);
    const { element } = field;
    if (element.type !== 'checkboxes') throw new Error(`${labelOf(name)} is no checkbox`);
    void this.set(field, { type: 'checkboxes', selected_options: on ? element.options.slice(0, 1) : [] });
  }

  /** Puts files of these names into the field. */
  upload(name: Named, ...names: string[]): void {
    const field = this.field(name);
    const label = labelOf(name);
    const { element } = field;
    if (element.type !== 'file_input') throw new Error(`${label} takes no files`);
    if (names.length > (element.max_files ?? 10))
      throw new Error(`${label} takes ${element.max_files ?? 10} files`);
    const files = names.map((fileName): UploadedFile => {
      const filetype = fileName.split('.').at(-1) ?? '';
      if (element.filetypes?.includes(filetype) === false)
        throw new Error(`${label} does not take ${fileName}`);
      const id = this.context.store.id('F');
      return { id, name: fileName, title: fileName, filetype, user: this.context.user.id };
    });
    void this.set(field, { type: 'file_input', files });
  }

  /** What can be pressed on it. */
  get buttons(): string[] {
    return pressableIn(blocksOf(this.place)).map(({ label }) => label);
  }

  /** Presses a button, in its confirm dialog too. `times`: how often Slack delivers the press. */
  async press(name: Named, times = 1): Promise<{ failure: string | undefined }> {
    const found = this.only('button', name, pressableIn(blocksOf(this.place)));
    return failureOf(await act(this.context, this.place, found.placed, found.done, times));
  }

  /** Sets what a field holds by its ids, as a client does, and tells the app where Slack would. */
  async setField(
    blockId: string,
    actionId: string,
    state: FieldState,
  ): Promise<{ failure: string | undefined }> {
    const field = this.fields().find(
      (one) =>
        one.blockId === blockId && one.element.action_id === actionId && one.element.type === state.type,
    );
    if (field === undefined) throw new Error(`There is no ${state.type} ${actionId} in the block ${blockId}`);
    return failureOf(await this.set(field, state, 'on_character_entered'));
  }

  protected fields(): Field[] {
    return interactiveIn(blocksOf(this.place)).flatMap((placed) =>
      hasState(placed.element) ? [{ ...placed, element: placed.element }] : [],
    );
  }

  protected state({ blockId, element }: Field): FieldState | undefined {
    return valuesOf(this.place)[blockId]?.[element.action_id];
  }

  private field(name: Named): Field {
    const all = this.fields().map((placed) => ({ label: nameOf(placed), placed }));
    return this.only('field', name, all).placed;
  }

  /** The one thing of this name. @throws when there is none, and when nobody could tell which of several is meant */
  private only<T extends { label: string; placed: Placed }>(
    kind: 'button' | 'field',
    name: Named,
    all: T[],
  ): T {
    const { label, block, action } = typeof name === 'string' ? { label: name } : name;
    const [found, ...others] = all.filter(
      ({ label: own, placed: { blockId, element } }) =>
        own === label &&
        (block === undefined || blockId === block) &&
        (action === undefined || element.action_id === action),
    );
    if (found === undefined) throw new Error(`There is no ${kind} ${label} on:\n${this.text()}`);
    if (others.length > 0) {
      const where = [found, ...others].map(({ placed }) => `${placed.blockId} ${placed.element.action_id}`);
      throw new Error(
        `There are ${where.length} of the ${kind} ${label}. Say which by block and action: ${where.join(', ')}`,
      );
    }
    return found;
  }

  private set(field: Field, state: FieldState, typing?: Typing): Promise<Ack[]> {
    const values = valuesOf(this.place);
    values[field.blockId] = { ...values[field.blockId], [field.element.action_id]: state };
    this.context.store.changed();
    return dispatches(field, typing) ? act(this.context, this.place, field, state) : Promise.resolve([]);
  }

  private async optionsNamed(field: Field, texts: string[]): Promise<Selected[]> {
    const own = ownOptions(field.element);
    const chosen: Selected[] = [];
    for (const text of texts) {
      const offered = own ?? (await this.searchIn(field, text));
      const option = offered.find((one) => one.text.text === text);
      if (option === undefined)
        throw new Error(
          `${nameOf(field)} offers ${offered.map((one) => one.text.text).join(', ')}, not ${text}`,
        );
      chosen.push(option);
    }
    return chosen;
  }
}

/**
 * Outside input blocks every change is told at once; in them only with dispatch_action, and text only when
 * Enter is pressed unless the element asks for every character.
 */
function dispatches({ input, element }: Field, typing: Typing | undefined): boolean {
  if (input !== undefined && input.dispatch_action !== true) return false;
  if (!isTypedInto(element)) return true;
  const wanted = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  return typing !== undefined && wanted.includes(typing);
}

function labelOf(name: Named): string {
  return typeof name === 'string' ? name : name.label;
}

function failureOf(acks: Ack[]): { failure: string | undefined } {
  const failed = acks.find((ack) => !ack.ok);
  return { failure: failed?.ok === false ? failed.failure : undefined };
}
