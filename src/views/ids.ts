/** Every id that travels to Slack and back. Nothing else spells them. */
export const commandNames = { setup: '/neo-setup', status: '/neo-status' } as const;

export const callbackIds = {
  setup: 'neo_setup',
  edit: 'neo_edit',
  notice: 'neo_notice',
  setupShortcut: 'neo_setup_shortcut',
} as const;

export const actionIds = {
  repair: 'repair_agent',
  checkDrift: 'compare_with_plan',
  compareWithGuide: 'compare_with_guide',
  details: 'show_details',
  requestAgain: 'fill_form_again',
  requestLike: 'fill_form_like',
  openThread: 'open_thread',
  newerPage: 'newer_page',
  olderPage: 'older_page',
  openSetup: 'open_setup_form',
  allRequests: 'all_requests',
  input: 'input',
} as const;

export const blockIds = {
  note: 'note',
  text: 'text',
  channel: 'channel',
} as const;

/**
 * The block of the buttons that decide on a request carries which plan was shown there: a card may be pressed that
 * does not show an edit yet.
 */
export function decisionBlockId(
  { number, planHash }: { number: number; planHash: string },
  isDirect = false,
): string {
  return `decide:${number}:${planHash}${isDirect ? ':direct' : ''}`;
}

/** Undefined: another block, or a card of an earlier version. */
export function planShownIn(blockId: string): string | undefined {
  return decisionBlock.exec(blockId)?.[1];
}

const decisionBlock = /^decide:\d+:([0-9a-f]{64})(:direct)?$/;

/** Did the buttons stand in a direct message? */
export function isDirectBlock(blockId: string): boolean {
  return decisionBlock.exec(blockId)?.[2] !== undefined;
}
