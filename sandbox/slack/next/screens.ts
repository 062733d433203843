import { randomBytes } from 'node:crypto';
import { initialState, keepState, type View } from './kit.ts';
import type { OpenView } from './model.ts';
import type { Store } from './store.ts';

const triggerLifeMs = 3_000;
const mostViews = 3;

type Trigger = { userId: string; fromView: boolean; until: number; used: boolean };

/** The modals on everybody's screen, and the triggers that open them. */
export class Screens {
  private readonly store: Store;
  private readonly stacks = new Map<string, OpenView[]>();
  private readonly triggers = new Map<string, Trigger>();

  constructor(store: Store) {
    this.store = store;
  }

  newTrigger(userId: string, fromView: boolean): string {
    const id = `${this.store.now()}.${randomBytes(6).toString('hex')}.${randomBytes(16).toString('hex')}`;
    this.triggers.set(id, { userId, fromView, until: this.store.now() + triggerLifeMs, used: false });
    return id;
  }

  /** A trigger lives three seconds and works once. */
  useTrigger(id: string): Trigger | { error: string } {
    const trigger = this.triggers.get(id);
    if (trigger === undefined) return { error: 'invalid_trigger_id' };
    if (trigger.used) return { error: 'exchanged_trigger_id' };
    if (this.store.now() > trigger.until) return { error: 'expired_trigger_id' };
    trigger.used = true;
    return trigger;
  }

  /** What this person sees on top. */
  top(userId: string): OpenView | undefined {
    return this.stacks.get(userId)?.at(-1);
  }

  find(viewId: string): OpenView | undefined {
    return this.all().find(({ id }) => id === viewId);
  }

  findExternal(externalId: string): OpenView | undefined {
    return this.all().find(({ view }) => view.external_id === externalId);
  }

  /** A new root view takes the place of whatever this person had open. */
  open(userId: string, view: View): OpenView {
    const id = this.store.newId('V');
    const opened = this.newView({ id, userId, rootId: id, previousId: null, view });
    this.stacks.set(userId, [opened]);
    return opened;
  }

  push(userId: string, view: View): OpenView | { error: 'not_found' | 'push_limit_reached' } {
    const stack = this.stacks.get(userId) ?? [];
    const [root] = stack;
    const top = stack.at(-1);
    if (root === undefined || top === undefined) return { error: 'not_found' };
    if (stack.length >= mostViews) return { error: 'push_limit_reached' };
    const id = this.store.newId('V');
    const pushed = this.newView({ id, userId, rootId: root.id, previousId: top.id, view });
    stack.push(pushed);
    return pushed;
  }

  replace(open: OpenView, view: View): void {
    open.values = keepState({ view: open.view, values: open.values }, view);
    open.view = view;
    open.hash = this.newHash();
    open.errors = {};
  }

  /** Closes this view and those above it. */
  close(open: OpenView): void {
    const stack = this.stacks.get(open.userId) ?? [];
    const index = stack.indexOf(open);
    if (index >= 0) stack.splice(index);
  }

  closeAll(userId: string): void {
    this.stacks.delete(userId);
  }

  private all(): OpenView[] {
    return [...this.stacks.values()].flat();
  }

  private newView(view: Pick<OpenView, 'id' | 'userId' | 'rootId' | 'previousId' | 'view'>): OpenView {
    return { ...view, hash: this.newHash(), values: initialState(view.view), errors: {} };
  }

  private newHash(): string {
    return `${Math.floor(this.store.now() / 1000)}.${randomBytes(4).toString('hex')}`;
  }
}
