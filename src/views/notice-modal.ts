import type { ModalView } from '@slack/types';
import { callbackIds } from './ids.ts';
import { plain, section } from './text.ts';

/** A modal that only says something: why the one before cannot go on. */
export function noticeModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    callback_id: callbackIds.notice,
    title: plain(title, 24),
    close: plain('Close', 24),
    blocks: [section(text)],
  };
}

/** What stands there until Slack has said who somebody is: nobody sees a form that they may not use. */
export function waitingModal(title: string): ModalView {
  return noticeModal(title, 'Checking your Slack account…');
}
