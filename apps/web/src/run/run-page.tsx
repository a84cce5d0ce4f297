import { PageSection, Title } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { runQuery } from '../api/runs.ts';
import { useDocumentTitle } from '../app/use-document-title.ts';

export function RunPage() {
  const { id = '' } = useParams();
  const { data: run } = useQuery(runQuery(id));
  useDocumentTitle(run?.migrationName ?? 'Run');
  return (
    <PageSection>
      <Title headingLevel="h1">{run?.migrationName}</Title>
    </PageSection>
  );
}
