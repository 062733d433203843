const plain = (text: string) => ({ type: 'plain_text', text });
const options = ['First', 'Second', 'Third'].map((text, index) => ({
  text: plain(text),
  value: String(index + 1),
}));

const elements: [id: string, label: string, element: object][] = [
  ['words', 'Words', { type: 'plain_text_input' }],
  ['long', 'Long words', { type: 'plain_text_input', multiline: true }],
  ['address', 'Address', { type: 'email_text_input' }],
  ['link', 'Link', { type: 'url_text_input' }],
  ['number', 'Number', { type: 'number_input', is_decimal_allowed: false }],
  ['rich', 'Rich words', { type: 'rich_text_input' }],
  ['day', 'Day', { type: 'datepicker' }],
  ['time', 'Time', { type: 'timepicker', timezone: 'Australia/Sydney' }],
  ['moment', 'Moment', { type: 'datetimepicker' }],
  ['one', 'One', { type: 'static_select', options }],
  ['some', 'Some', { type: 'multi_static_select', options }],
  ['person', 'Person', { type: 'users_select' }],
  ['people', 'People', { type: 'multi_users_select' }],
  ['channel', 'Channel', { type: 'channels_select' }],
  ['conversations', 'Conversations', { type: 'multi_conversations_select' }],
  ['boxes', 'Boxes', { type: 'checkboxes', options }],
  ['radio', 'Radio', { type: 'radio_buttons', options }],
  ['files', 'Files', { type: 'file_input' }],
];

/** A modal with every input element that has no need of an app behind it. */
export function everyInput(title: string): object {
  return {
    type: 'modal',
    title: plain(title),
    submit: plain('Send'),
    close: plain('Cancel'),
    blocks: elements.map(([id, label, element]) => ({
      type: 'input',
      block_id: id,
      label: plain(label),
      element: { ...element, action_id: 'input' },
    })),
  };
}
