import type { RunView } from '@godwit/contracts/api';
import {
  Alert,
  Content,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  List,
  ListItem,
} from '@patternfly/react-core';

type ErrorView = NonNullable<RunView['error']>;

/** An error of a run or of a step: what, where, and what to do. */
export function ErrorAlert({
  title,
  error,
  variant = 'danger',
}: {
  title: string;
  error: ErrorView;
  variant?: 'danger' | 'warning';
}) {
  const { object, cluster } = error.subject ?? {};
  return (
    <Alert variant={variant} isInline title={title} className="godwit-break">
      <Content component="p">{error.message}</Content>
      {(object || cluster) && (
        <Content component="p">
          {[object, cluster && `cluster ${cluster}`].filter(Boolean).join(', ')} ({error.reason})
        </Content>
      )}
      {error.evidence && <Evidence evidence={error.evidence} />}
      {error.cure && (
        <Content component="p">
          <strong>What to do: </strong>
          {error.cure}
        </Content>
      )}
    </Alert>
  );
}

/** What was seen of the pod that failed, apart from what the error says. */
function Evidence({ evidence: { exit, events } }: { evidence: NonNullable<ErrorView['evidence']> }) {
  return (
    <DescriptionList isCompact className="godwit-heading">
      {exit && (
        <DescriptionListGroup>
          <DescriptionListTerm>Exit code</DescriptionListTerm>
          <DescriptionListDescription>
            {exit.code}: {exit.meaning}
          </DescriptionListDescription>
        </DescriptionListGroup>
      )}
      {events.length > 0 && (
        <DescriptionListGroup>
          <DescriptionListTerm>Events of the pod</DescriptionListTerm>
          <DescriptionListDescription>
            <List isPlain>
              {events.map((event, index) => (
                <ListItem key={index}>{event}</ListItem>
              ))}
            </List>
          </DescriptionListDescription>
        </DescriptionListGroup>
      )}
    </DescriptionList>
  );
}
