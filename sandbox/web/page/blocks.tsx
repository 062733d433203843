import { useSignal } from '@preact/signals';
import { Input } from './input-block.tsx';
import type { At, Element as KitElement, KnownBlock } from './kit.ts';
import { Markdown } from './markdown.tsx';
import { Alert, Card, Carousel, Container, Plan, TaskCard } from './newer-blocks.tsx';
import { RichText } from './rich-text.tsx';
import { DataTable, Table } from './tables.tsx';
import { Link, Text } from './text.tsx';
import { Picture, Used } from './used.tsx';

type BlocksProps = { blocks: readonly KnownBlock[]; at: At; errors?: Record<string, string> };

export function Blocks({ blocks, at, errors = {} }: BlocksProps) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <One key={block.block_id ?? index} block={block} at={at} errors={errors} />
      ))}
    </div>
  );
}

function One({ block, at, errors }: { block: KnownBlock; at: At; errors: Record<string, string> }) {
  const blockId = block.block_id ?? '';
  const used = (element: KitElement) => (
    <Used key={element.action_id} element={element} blockId={blockId} at={at} />
  );
  switch (block.type) {
    case 'header':
      return <h2 class="block-header">{block.text.text}</h2>;
    case 'divider':
      return <hr />;
    case 'section':
      return (
        <div class="block-section">
          <div class="block-section-text">
            {block.text && <Foldable text={block.text} expand={block.expand === true} />}
            {block.fields && (
              <div class="fields">
                {block.fields.map((field) => (
                  <Text text={field} />
                ))}
              </div>
            )}
          </div>
          {block.accessory &&
            (block.accessory.type === 'image' ? <Picture image={block.accessory} /> : used(block.accessory))}
        </div>
      );
    case 'context':
      return (
        <div class="block-context">
          {block.elements.map((element) =>
            element.type === 'image' ? <Picture image={element} /> : <Text text={element} />,
          )}
        </div>
      );
    case 'actions':
      return <div class="block-actions">{block.elements.map(used)}</div>;
    case 'context_actions':
      return <div class="block-actions">{block.elements.map(used)}</div>;
    case 'input':
      return <Input block={block} at={at} error={errors[blockId]} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'image':
      return <Picture image={block} />;
    case 'markdown':
      return <Markdown text={block.text} />;
    case 'table':
      return <Table block={block} />;
    case 'data_table':
      return <DataTable block={block} />;
    case 'alert':
      return <Alert block={block} />;
    case 'card':
      return <Card block={block} at={at} />;
    case 'carousel':
      return <Carousel block={block} at={at} />;
    case 'container':
      return (
        <Container block={block}>
          <Blocks blocks={block.child_blocks} at={at} errors={errors} />
        </Container>
      );
    case 'plan':
      return <Plan block={block} />;
    case 'task_card':
      return <TaskCard block={block} />;
    case 'video':
      return (
        <p class="text">
          <Link url={block.title_url ?? block.video_url}>{block.title.text}</Link> {block.description?.text}
        </p>
      );
    case 'file':
      return <p class="text">File {block.external_id}</p>;
    default:
      return <Unknown block={block} />;
  }
}

/** Slack folds what is longer, unless the block says `expand`. Measured in characters and lines. */
const folded = { characters: 700, lines: 12 };

function Foldable({ text, expand }: { text: { type: string; text: string }; expand: boolean }) {
  const isOpen = useSignal(false);
  const isLong = text.text.length > folded.characters || text.text.split('\n').length > folded.lines;
  if (expand || !isLong) return <Text text={text} />;
  return (
    <>
      <div class={isOpen.value ? undefined : 'folded'}>
        <Text text={text} />
      </div>
      <button
        type="button"
        class="link-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        {isOpen.value ? 'See less' : 'See more'}
      </button>
    </>
  );
}

/** What came after this page was written shows as what it is. */
function Unknown({ block }: { block: { type: string } }) {
  return <pre class="text">{JSON.stringify(block, null, 2)}</pre>;
}
