import { answerChapters } from './answers.ts';
import { formChapters } from './forms.ts';
import { messageChapters } from './messages.ts';
import type { Chapter } from './scene.ts';

/** Everything that people read in Slack, from fixed data. */
export const catalogue: readonly Chapter[] = [...messageChapters, ...formChapters, ...answerChapters];
