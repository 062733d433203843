import type {
  AllMiddlewareArgs,
  AnyMiddlewareArgs,
  BlockAction,
  GlobalShortcut,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackOptionsMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewResponseAction,
  ViewSubmitAction,
} from '@slack/bolt';

type Args = AnyMiddlewareArgs & AllMiddlewareArgs;
export type SubmissionArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

/** Somebody submits a form. */
export function isSubmission(args: Args): args is SubmissionArgs {
  return args.body.type === 'view_submission';
}

/** Somebody types into a field that searches. */
export function isOptions(args: Args): args is SlackOptionsMiddlewareArgs & AllMiddlewareArgs {
  return args.body.type === 'block_suggestion';
}

/** Somebody presses a button. */
export function isButton(args: Args): args is SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs {
  return args.body.type === 'block_actions';
}

/** Somebody runs the global shortcut. */
export function isShortcut(
  args: Args,
): args is SlackShortcutMiddlewareArgs<GlobalShortcut> & AllMiddlewareArgs {
  return args.body.type === 'shortcut';
}

/** Somebody types a command. */
export function isCommand(args: Args): args is SlackCommandMiddlewareArgs & AllMiddlewareArgs {
  return 'command' in args;
}

/** The form stays open with all that was entered, and says this under its first field. */
export function underFirstField(
  { blocks }: Pick<SubmissionArgs['view'], 'blocks'>,
  text: string,
): ViewResponseAction {
  const field = blocks.find(({ type }) => type === 'input')?.block_id ?? '';
  return { response_action: 'errors', errors: { [field]: text } };
}
