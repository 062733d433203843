/** Block Kit for tests, with as many characters or items as a test asks for. */

/** A character of one code point and two UTF-16 units: Slack counts it as one. */
const wide = '𠮷';
export const chars = (n: number) => wide.repeat(n);
export const plain = (n: number) => ({ type: 'plain_text', text: chars(n) });
export const mrkdwn = (n: number) => ({ type: 'mrkdwn', text: chars(n) });
export const many = (n: number, item: object) => Array.from({ length: n }, () => item);

export const modal = (blocks: object[], change: object = {}) => ({
  type: 'modal',
  title: plain(5),
  submit: plain(5),
  blocks,
  ...change,
});
export const divider = { type: 'divider' };
export const option = (change: object = {}) => ({ text: plain(1), value: 'v', ...change });
export const options = (n: number) => many(n, option());
export const group = (n: number) => ({ label: plain(1), options: options(n) });
export const inputOf = (element: object, change: object = {}) => ({
  type: 'input',
  label: plain(5),
  element,
  ...change,
});
export const button = (change: object = {}) => ({ type: 'button', text: plain(5), ...change });
export const section = (accessory: object) => ({ type: 'section', text: plain(1), accessory });
export const card = (change: object) => ({ type: 'card', title: mrkdwn(1), ...change });
export const container = (change: object) => ({
  type: 'container',
  title: plain(1),
  child_blocks: [divider],
  ...change,
});
export const rawText = (n: number) => ({ type: 'raw_text', text: chars(n) });
export const dataTable = (rows: object[][], change: object = {}) => ({
  type: 'data_table',
  caption: 'c',
  rows,
  ...change,
});
export const rowsOf = (rows: number, cells: number) =>
  Array.from({ length: rows }, () => many(cells, rawText(1)));
export const video = (change: object) => ({
  type: 'video',
  title: plain(1),
  alt_text: 'a',
  video_url: 'https://v.example',
  thumbnail_url: 'https://t.example',
  ...change,
});
export const image = (change: object) => ({
  type: 'image',
  alt_text: 'a',
  image_url: 'https://i.example',
  ...change,
});
