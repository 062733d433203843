import type {
  AlertBlock,
  CardBlock,
  CarouselBlock,
  ContainerBlock,
  PlanBlock,
  TaskCardBlock,
} from '@slack/types';
import type { ComponentChildren } from 'preact';
import type { At } from './kit.ts';
import { RichText } from './rich-text.tsx';
import { Link, Text } from './text.tsx';
import { Picture, Used } from './used.tsx';

export function Alert({ block }: { block: AlertBlock }) {
  const level = block.level ?? 'default';
  return (
    <div class={`alert alert-${level}`}>
      {level !== 'default' && <strong>{levels[level]}: </strong>}
      <Text text={block.text} />
    </div>
  );
}

const levels = { info: 'Info', warning: 'Warning', error: 'Error', success: 'Success' };

export function Card({ block, at }: { block: CardBlock; at: At }) {
  return (
    <div class="card">
      {block.hero_image && <Picture image={block.hero_image} />}
      {block.title && (
        <strong>
          <Text text={block.title} />
        </strong>
      )}
      {block.subtitle && <Text text={block.subtitle} />}
      {block.body && <Text text={block.body} />}
      {block.actions && (
        <div class="block-actions">
          {block.actions.map((element) => (
            <Used key={element.action_id} element={element} blockId={block.block_id ?? ''} at={at} />
          ))}
        </div>
      )}
    </div>
  );
}

export function Carousel({ block, at }: { block: CarouselBlock; at: At }) {
  return (
    <div class="carousel" tabIndex={0} role="region" aria-label="Cards">
      {block.elements.map((card) => (
        <Card key={card.block_id} block={card} at={at} />
      ))}
    </div>
  );
}

export function Container({ block, children }: { block: ContainerBlock; children: ComponentChildren }) {
  const title = block.rich_text_title ? <RichText block={block.rich_text_title} /> : block.title?.text;
  const head = (
    <>
      <strong>{title}</strong>
      {block.subtitle && <Text text={block.subtitle} />}
    </>
  );
  if (block.is_collapsible !== true)
    return (
      <div class="card">
        {head}
        {children}
      </div>
    );
  return (
    <details class="card" open={block.default_collapsed !== true}>
      <summary>{head}</summary>
      {children}
    </details>
  );
}

const statuses: Record<TaskCardBlock['status'], string> = {
  pending: 'Pending',
  in_progress: 'In progress',
  complete: 'Complete',
  error: 'Error',
};

export function TaskCard({ block }: { block: TaskCardBlock }) {
  return (
    <div class="card">
      <strong>{block.title}</strong> <span class="chip">{statuses[block.status]}</span>
      {block.details && <RichText block={block.details} />}
      {block.output && <RichText block={block.output} />}
      {block.sources?.map(({ url, text }) => (
        <Link url={url}>{text}</Link>
      ))}
    </div>
  );
}

export function Plan({ block }: { block: PlanBlock }) {
  return (
    <div class="card">
      <strong>{block.title}</strong>
      {(block.tasks ?? []).map((task) => (isTask(task) ? <TaskCard block={task} /> : null))}
    </div>
  );
}

function isTask(task: TaskCardBlock | Record<string, unknown>): task is TaskCardBlock {
  return 'task_id' in task && 'status' in task;
}
