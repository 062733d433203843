import type { DataTableBlock, TableBlock } from '@slack/types';
import { RichText } from './rich-text.tsx';

type Cell = TableBlock['rows'][number][number];

function CellText({ cell }: { cell: Cell }) {
  return cell.type === 'rich_text' ? <RichText block={cell} /> : <>{cell.text}</>;
}

export function Table({ block }: { block: TableBlock }) {
  const alignOf = (index: number) => `align-${block.column_settings?.[index]?.align ?? 'left'}`;
  return <Rows rows={block.rows} classOf={alignOf} isRowHeader={() => false} />;
}

export function DataTable({ block }: { block: DataTableBlock }) {
  const isNumber = (index: number) => block.rows[1]?.[index]?.type === 'raw_number';
  return (
    <Rows
      caption={block.caption}
      rows={block.rows}
      classOf={(index) => (isNumber(index) ? 'align-right' : 'align-left')}
      isRowHeader={(index) => index === (block.row_header_column_index ?? 0)}
    />
  );
}

type RowsProps = {
  caption?: string;
  /** The first one holds the heads. */
  rows: Cell[][];
  classOf: (column: number) => string;
  isRowHeader: (column: number) => boolean;
};

function Rows({ caption, rows, classOf, isRowHeader }: RowsProps) {
  const [head = [], ...body] = rows;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={caption ?? 'Table'}>
      <table class="block-table">
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th scope="col" class={classOf(index)}>
                <CellText cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row) => (
            <tr>
              {row.map((cell, index) =>
                isRowHeader(index) ? (
                  <th scope="row" class={classOf(index)}>
                    <CellText cell={cell} />
                  </th>
                ) : (
                  <td class={classOf(index)}>
                    <CellText cell={cell} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
