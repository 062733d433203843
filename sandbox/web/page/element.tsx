import { BoxesField } from './boxes.tsx';
import { Feedback, OverflowMenu, PressButton } from './buttons.tsx';
import { FileField, PickerField, TextField } from './entries.tsx';
import type { Element as KitElement, ElementProps } from './kit.ts';
import { SelectField } from './selects.tsx';

/** Any element of Block Kit that somebody can use. */
export function Element({ element, ...rest }: ElementProps) {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return <PressButton {...rest} element={element} />;
    case 'feedback_buttons':
      return <Feedback {...rest} element={element} />;
    case 'overflow':
      return <OverflowMenu {...rest} element={element} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
    case 'rich_text_input':
      return <TextField {...rest} element={element} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <PickerField {...rest} element={element} />;
    case 'file_input':
      return <FileField {...rest} element={element} />;
    case 'checkboxes':
    case 'radio_buttons':
      return <BoxesField {...rest} element={element} />;
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return <SelectField {...rest} element={element} />;
  }
}

/** How an element outside an input block is called: by its placeholder, else by its action. */
export function ownName(element: KitElement): string {
  const placeholder = 'placeholder' in element ? element.placeholder.text : undefined;
  return placeholder ?? element.action_id ?? '';
}
