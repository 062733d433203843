import { randomBytes } from 'node:crypto';
import type { HomeView, View } from './block-kit.ts';
import { most } from './block-kit/limits.ts';
import { initialValues, keptValues, type Values } from './state.ts';

type Drawn<V> = {
  id: string;
  hash: string;
  userId: string;
  view: V;
  values: Values;
};

/** A modal on somebody's screen. Those with one rootId are one stack. */
export type OpenView = Drawn<View> & {
  rootId: string;
  previousId: string | null;
  errors: Record<string, string>;
  /** Where the person was when it opened. */
  conversation: string | undefined;
  closed: boolean;
};

/** Somebody's Home tab. */
export type HomeTab = Drawn<HomeView>;

/** The modals and Home tabs of everybody. */
export class Views {
  readonly modals: OpenView[] = [];
  private readonly homes = new Map<string, HomeTab>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** A new stack of one. What else this person had open is gone. */
  open(userId: string, view: View, conversation?: string): OpenView {
    for (const open of this.modals) if (open.userId === userId) open.closed = true;
    return this.add(userId, view, conversation, undefined);
  }

  /** On top of `below`. Undefined: the stack is full. */
  push(below: OpenView, view: View): OpenView | undefined {
    if (this.stackOf(below).length >= most['view.stack']) return undefined;
    return this.add(below.userId, view, below.conversation, below);
  }

  replace(open: OpenView, view: View): void {
    const values = keptValues(open.values, view.blocks, open.conversation);
    Object.assign(open, { view, values, hash: this.newHash(), errors: {} });
  }

  top(userId: string): OpenView | undefined {
    return this.modals.findLast((view) => view.userId === userId && !view.closed);
  }

  /** The open views of the same stack, the lowest first. */
  stackOf(open: OpenView): OpenView[] {
    return this.modals.filter(({ rootId, closed }) => rootId === open.rootId && !closed);
  }

  find(ids: { view_id?: unknown; external_id?: unknown }): OpenView | undefined {
    return this.modals.find(
      ({ id, view, closed }) =>
        !closed &&
        (ids.view_id === undefined
          ? view.external_id !== undefined && view.external_id === ids.external_id
          : id === ids.view_id),
    );
  }

  /** Whether an open view other than `own` has this external_id. */
  hasExternalId(externalId: string | undefined, own?: { id: string }): boolean {
    if (externalId === undefined || externalId === '') return false;
    return [...this.modals.filter(({ closed }) => !closed), ...this.homes.values()].some(
      ({ id, view }) => id !== own?.id && view.external_id === externalId,
    );
  }

  home(userId: string): HomeTab | undefined {
    return this.homes.get(userId);
  }

  publish(userId: string, view: HomeView): HomeTab {
    const before = this.homes.get(userId);
    const home = {
      id: before?.id ?? newId(),
      hash: this.newHash(),
      userId,
      view,
      values: keptValues(before?.values ?? {}, view.blocks),
    };
    this.homes.set(userId, home);
    return home;
  }

  private add(
    userId: string,
    view: View,
    conversation: string | undefined,
    below: OpenView | undefined,
  ): OpenView {
    const id = newId();
    const added = {
      id,
      hash: this.newHash(),
      userId,
      view,
      values: initialValues(view.blocks, conversation),
      rootId: below?.rootId ?? id,
      previousId: below?.id ?? null,
      errors: {},
      conversation,
      closed: false,
    };
    this.modals.push(added);
    return added;
  }

  private newHash(): string {
    return `${Math.floor(this.now() / 1000)}.${randomBytes(4).toString('hex')}`;
  }
}

const newId = () => `V${randomBytes(6).toString('hex').toUpperCase().slice(0, 10)}`;
