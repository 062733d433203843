import type { PlainTextElement, PlainTextOption } from '@slack/types';
import type { Choice } from '../fields/field.ts';
import { plain } from './text.ts';
import { visible } from '../text/visible.ts';

const maxText = 75;
/** Slack takes so many options or groups, and so many options in each group. */
const maxOptions = 100;
const maxGroups = 100;

/** Slack refuses an empty text. */
export function option({ text, value, description }: Choice): PlainTextOption {
  return {
    text: plain(visible(text) || `(no name, ID ${value})`, maxText),
    value,
    ...(description && visible(description) && { description: plain(description, maxText) }),
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
  if (found.length <= maxOptions || query.trim() === '') return { options: found.slice(0, maxOptions) };
  const groups = Math.min(maxGroups, Math.ceil(found.length / maxOptions));
  return {
    option_groups: Array.from({ length: groups }, (_unused, index) => {
      const from = index * maxOptions;
      const options = found.slice(from, from + maxOptions);
      return {
        label: plain(`${from + 1}–${from + options.length} of ${found.length}`, maxText),
        options,
      };
    }),
  };
}
