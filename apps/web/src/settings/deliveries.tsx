import type { WebhookView } from '@godwit/contracts/webhooks';
import { Button, Content, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { deliveriesQuery } from '../api/settings.ts';
import { Loaded } from '../app/app-page.tsx';
import { formatAgo } from '../format/time.ts';

/** What a webhook was told, and what came of it. */
export function Deliveries({ webhook, onClose }: { webhook: WebhookView; onClose: () => void }) {
  const deliveries = useQuery(deliveriesQuery(webhook.id));
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="deliveries-title">
      <ModalHeader title={`Deliveries to ${webhook.name}`} labelId="deliveries-title" />
      <ModalBody>
        <Loaded what="the deliveries" query={deliveries}>
          {(items) =>
            items.length === 0 ? (
              <Content component="p">Nothing was told yet.</Content>
            ) : (
              <Table aria-label="Deliveries" variant="compact">
                <Thead>
                  <Tr>
                    <Th>Run</Th>
                    <Th>When</Th>
                    <Th>What came of it</Th>
                  </Tr>
                </Thead>
                <Tbody>
                  {items.map(({ id, runId, phase, createdAt, deliveredAt, nextAt, problem, attempts }) => (
                    <Tr key={id}>
                      <Td dataLabel="Run">
                        <Link to={`/runs/${runId}`}>{phase}</Link>
                      </Td>
                      <Td dataLabel="When">{formatAgo(createdAt, Date.now())}</Td>
                      <Td dataLabel="What came of it" modifier="breakWord">
                        {deliveredAt ? 'delivered' : nextAt ? `is tried again after ${attempts} attempts` : 'given up'}
                        {problem && `: ${problem}`}
                      </Td>
                    </Tr>
                  ))}
                </Tbody>
              </Table>
            )
          }
        </Loaded>
      </ModalBody>
      <ModalFooter>
        <Button variant="link" onClick={onClose}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  );
}
