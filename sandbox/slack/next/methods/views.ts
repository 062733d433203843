import { z } from 'zod';
import { validateMessageBlocks, validateView, type View } from '../kit.ts';
import type { OpenView } from '../model.ts';
import { shownView } from '../shown.ts';
import { method, refuse, refuseBlocks, type Answer, type Inside } from './method.ts';

const mostViewBytes = 250_000;

/** Opens a modal. The trigger must be younger than three seconds and is used up. */
export const openView = method({
  args: z.object({ trigger_id: z.string(), view: z.unknown() }),
  run: (inside, args) => {
    const view = readView(inside, args.view);
    if ('ok' in view) return view;
    const trigger = inside.screens.useTrigger(args.trigger_id);
    if ('error' in trigger) return refuse(trigger.error);
    return shown(inside, inside.screens.open(trigger.userId, view));
  },
});

/** Puts a view on top of the open ones, three at most. The trigger must come from the modal itself. */
export const pushView = method({
  args: z.object({ trigger_id: z.string(), view: z.unknown() }),
  run: (inside, args) => {
    const view = readView(inside, args.view);
    if ('ok' in view) return view;
    const trigger = inside.screens.useTrigger(args.trigger_id);
    if ('error' in trigger) return refuse(trigger.error);
    if (!trigger.fromView) return refuse('not_found');
    const pushed = inside.screens.push(trigger.userId, view);
    return 'error' in pushed ? refuse(pushed.error) : shown(inside, pushed);
  },
});

/** Redraws an open view. What was entered stays where block_id and action_id stay. */
export const updateView = method({
  args: z
    .object({
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
      view: z.unknown(),
    })
    .refine(
      (args) => (args.view_id ?? args.external_id) !== undefined,
      'must provide view_id or external_id',
    ),
  run: (inside, args) => {
    const { screens } = inside;
    const open =
      args.view_id === undefined ? screens.findExternal(args.external_id ?? '') : screens.find(args.view_id);
    if (open === undefined) return refuse('not_found');
    const view = readView(inside, args.view, open);
    if ('ok' in view) return view;
    if (args.hash !== undefined && args.hash !== open.hash) return refuse('hash_conflict');
    screens.replace(open, view);
    return shown(inside, open);
  },
});

/** Slack's public check: no token, exactly one of blocks and view. */
export const validateBlocks = method({
  args: z
    .object({ blocks: z.unknown().optional(), view: z.unknown().optional() })
    .refine(
      ({ blocks, view }) => (blocks === undefined) !== (view === undefined),
      'provide one of blocks, view',
    ),
  run: (_inside, { blocks, view }) => {
    const checked = view === undefined ? validateMessageBlocks(blocks) : validateView(view);
    return 'errors' in checked
      ? { ok: false, error: 'invalid_blocks', errors: checked.errors }
      : { ok: true };
  },
});

function readView({ screens }: Inside, given: unknown, replaced?: OpenView): View | Answer {
  if (Buffer.byteLength(JSON.stringify(given ?? null)) > mostViewBytes) return refuse('view_too_large');
  const checked = validateView(given);
  if ('errors' in checked) return refuseBlocks('invalid_arguments', checked.errors);
  const { external_id: externalId } = checked.view;
  const taken = externalId === undefined ? undefined : screens.findExternal(externalId);
  return taken === undefined || taken === replaced ? checked.view : refuse('duplicate_external_id');
}

function shown({ store }: Inside, open: OpenView): Answer {
  return { ok: true, view: shownView(store, open) };
}
