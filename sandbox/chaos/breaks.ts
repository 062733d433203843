/** Ways to break the app on purpose, to see that chaos finds it; each with the faults (by a part of their names) that it fails under. */
export const breaks = {
  /** A create whose answer is lost is sent again, as a client with retries would do. */
  'repeat-create': 'create done',
  /** A message whose answer is lost is posted again, as Slack's SDK does unless told otherwise. */
  'repeat-post': 'posted',
  /** What was still to be done is gone after a restart, as if it had been kept in memory. */
  'forget-tasks': 'kill -9',
} as const;
export type Break = keyof typeof breaks;
export const breakNames = ['repeat-create', 'repeat-post', 'forget-tasks'] as const satisfies Break[];
