import type { PlainTextElement, PlainTextOption } from '@slack/types';
import type { Choice } from '../fields/field.ts';
import { plain } from './text.ts';
import { visible } from '../text/visible.ts';

const mostText = 75;
/** Slack takes so many options or groups, and so many options in each group. */
const mostOptions = 100;
const mostGroups = 100;

/** Slack refuses an empty text. */
export function option({ text, value, description }: Choice): PlainTextOption {
  return {
    text: plain(visible(text) || `(no name, ID ${value})`, mostText),
    value,
    ...(description && visible(description) && { description: plain(description, mostText) }),
  };
}

type Offer = { options: PlainTextOption[] } | { option_groups: OptionGroup[] };
type OptionGroup = { label: PlainTextElement; options: PlainTextOption[] };

/**
 * What an external select offers. Where more is found than Slack takes as a list, it comes in groups, so that what
 * somebody typed letters for is there; without a letter only the first ones are.
 */
export function offer(choices: readonly Choice[], query: string): Offer {
  const found = choices.map(option);
  if (found.length <= mostOptions || query.trim() === '') return { options: found.slice(0, mostOptions) };
  const groups = Math.min(mostGroups, Math.ceil(found.length / mostOptions));
  return {
    option_groups: Array.from({ length: groups }, (_unused, index) => {
      const from = index * mostOptions;
      const options = found.slice(from, from + mostOptions);
      return {
        label: plain(`${from + 1}–${from + options.length} of ${found.length}`, mostText),
        options,
      };
    }),
  };
}
