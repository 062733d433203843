import type { NewTask, TaskKind } from '../storage/tasks.ts';
import type { Request } from './request.ts';

/** Post the card, once. */
export function postCard(request: Request): NewTask {
  return { key: `${request.id}:card`, kind: 'post_card', requestId: request.id, dueAt: request.createdAt };
}

/** End the request when its time is over. */
export function expireLater(request: Request): NewTask {
  return { key: `${request.id}:expire`, kind: 'expire', requestId: request.id, dueAt: request.expiresAt };
}

/** Draw the card again, because the request is now another one. One task for all changes: two drawings at once could end in either order. */
export function redraw(after: Request): NewTask {
  return {
    key: `${after.id}:redraw`,
    kind: 'redraw_card',
    requestId: after.id,
    dueAt: after.updatedAt,
  };
}

/** Tell the thread how it ended. */
export function tellOutcome(after: Request): NewTask {
  return afterChange('post_outcome', after);
}

/** Carry the plan out in HaloPSA. */
export function provision(after: Request): NewTask {
  return afterChange('provision', after);
}

/** Tell the requester that the card cannot be posted. */
export function tellRequester(after: Request): NewTask {
  return afterChange('tell_requester', after);
}

/** One task of a kind for each change: its version makes the key. */
function afterChange(kind: TaskKind, { id, version, updatedAt }: Request): NewTask {
  return { key: `${id}:${kind}:${version}`, kind, requestId: id, dueAt: updatedAt };
}
