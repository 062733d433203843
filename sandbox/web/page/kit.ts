import type {
  ActionsBlockElement,
  ConfirmationDialog,
  ContextActionsBlockElement,
  InputBlock,
  InputBlockElement,
  KnownBlock,
  SectionBlockAccessory,
} from '@slack/types';
import type { Place, Screen, Values } from '../../control/screen.ts';

export type { ConfirmationDialog, InputBlock, KnownBlock };
export type KitScreen = Screen<KnownBlock>;

/** Everything that can be pressed, chosen from or filled in. */
export type Element =
  | InputBlockElement
  | ActionsBlockElement
  | ContextActionsBlockElement
  | Exclude<SectionBlockAccessory, { type: 'image' }>;

/** Where blocks are drawn, and what the fields there hold. */
export type At = { place: Place; values: Values };

/** What an element needs to be told by those around it. */
export type ElementProps<E extends Element = Element> = {
  element: E;
  blockId: string;
  at: At;
  labelling: Labelling;
};

/** How a field is named and described for a screen reader. */
export type Labelling = {
  id: string;
  /** Read out as its name where there is no label to point to. */
  name: string;
  /** The id of the visible label. */
  labelledBy?: string;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  isRequired?: boolean;
};
