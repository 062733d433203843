/** Ways to break the app on purpose, to see that chaos finds it. */
export const breaks = [
  /** A create whose answer is lost is sent again, as a client with retries would do. */
  'repeat-create',
  /** A message whose answer is lost is posted again, as Slack's SDK does unless told otherwise. */
  'repeat-post',
  /** What was still to be done is gone after a restart, as if it had been kept in memory. */
  'forget-tasks',
] as const;
export type Break = (typeof breaks)[number];
