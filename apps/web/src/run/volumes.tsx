import type { RunView, VolumeView } from '@godwit/contracts/api';
import type { TransferProgress } from '@godwit/contracts/run';
import { formatBytes } from '@godwit/pipeline/format-bytes';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Content, Pagination, Progress } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { describeTransfer } from '../format/transfer.ts';
import { percentOf } from '../runs/phase-text.ts';
import { Panel } from './panel.tsx';
import { orderVolumes } from './volume-order.ts';

const PER_PAGE = 20;

/** The volumes and how far their data is on both sides. */
export function Volumes({ run }: { run: RunView }) {
  const [page, setPage] = useState(1);
  const { volumes, estimate } = run;
  const isPreview = run.kind === 'Preview';
  if (volumes.length === 0) return null;
  const shown = orderVolumes(volumes).slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return (
    <Panel title={`Volumes (${volumes.length})`}>
      {estimate && (
        <Content component="p">
          About {formatDuration(estimate.seconds * 1000)} for {formatBytes(estimate.bytes)}: {estimate.basis}.
        </Content>
      )}
      <Table aria-label="Volumes" variant="compact">
        <Thead>
          <Tr>
            <Th>Volume</Th>
            <Th>Size</Th>
            {isPreview ? (
              <Th width={60}>Would take</Th>
            ) : (
              <>
                <Th width={35}>Copy</Th>
                <Th width={35}>Restore</Th>
              </>
            )}
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((volume) => (
            <VolumeRow key={volume.id} volume={volume} isPreview={isPreview} />
          ))}
        </Tbody>
      </Table>
      {volumes.length > PER_PAGE && (
        <Pagination
          isCompact
          itemCount={volumes.length}
          perPage={PER_PAGE}
          perPageOptions={[]}
          page={page}
          onSetPage={(_event, next) => setPage(next)}
          aria-label="Pages of volumes"
        />
      )}
    </Panel>
  );
}

function VolumeRow({ volume, isPreview }: { volume: VolumeView; isPreview: boolean }) {
  const { namespace, name, targetNamespace, capacityBytes, copy, restore, skipReason, estimatedSeconds } = volume;
  const title = `${namespace}/${name}`;
  return (
    <Tr>
      <Td dataLabel="Volume" modifier="breakWord">
        {title}
        {targetNamespace !== namespace && <div className="godwit-subtle godwit-small">to namespace {targetNamespace}</div>}
      </Td>
      <Td dataLabel="Size" modifier="nowrap">
        {formatBytes(capacityBytes)}
      </Td>
      {skipReason !== undefined ? (
        <Td colSpan={isPreview ? 1 : 2} dataLabel="Stays" className="godwit-subtle">
          Data is not moved: {skipReason}
        </Td>
      ) : isPreview ? (
        <Td dataLabel="Would take">{estimatedSeconds !== undefined && formatDuration(estimatedSeconds * 1000)}</Td>
      ) : (
        <>
          <Td dataLabel="Copy">
            <Transfer label={`Copy of ${title}`} transfer={copy} />
          </Td>
          <Td dataLabel="Restore">
            <Transfer label={`Restore of ${title}`} transfer={restore} />
          </Td>
        </>
      )}
    </Tr>
  );
}

function Transfer({ label, transfer }: { label: string; transfer: TransferProgress | undefined }) {
  if (!transfer) return <span className="godwit-subtle">waits</span>;
  const { bytesDone, bytesTotal, finishedAt, warnings } = transfer;
  const isDone = finishedAt !== undefined;
  // While the mover still looks what there is, nobody knows a share.
  const share = isDone ? 1 : bytesTotal && bytesDone / bytesTotal;
  return (
    <>
      {share !== undefined && (
        <Progress
          className="godwit-bar"
          aria-label={label}
          size="sm"
          measureLocation="outside"
          hideStatusIcon
          value={percentOf(share)}
          {...(isDone ? { variant: 'success' as const } : {})}
        />
      )}
      <div className="godwit-subtle godwit-small">
        {describeTransfer(transfer)}
        {warnings ? `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : ''}
      </div>
    </>
  );
}
