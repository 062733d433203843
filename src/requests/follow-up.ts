import type { NewTask } from '../storage/tasks.ts';
import type { Request } from './request.ts';

/** Post the card, once. */
export function postCard(request: Request): NewTask {
  return { key: `${request.id}:card`, kind: 'post_card', requestId: request.id, dueAt: request.createdAt };
}

/** Draw the card again, because the request is now another one. */
export function redraw(after: Request): NewTask {
  return {
    key: `${after.id}:redraw:${after.version}`,
    kind: 'redraw_card',
    requestId: after.id,
    dueAt: after.updatedAt,
  };
}

/** Tell the thread how it ended. */
export function tellOutcome(after: Request): NewTask {
  return {
    key: `${after.id}:outcome:${after.version}`,
    kind: 'post_outcome',
    requestId: after.id,
    dueAt: after.updatedAt,
  };
}

export function provision(after: Request): NewTask {
  return {
    key: `${after.id}:provision:${after.version}`,
    kind: 'provision',
    requestId: after.id,
    dueAt: after.updatedAt,
  };
}
