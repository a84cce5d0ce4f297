import { Breadcrumb, BreadcrumbItem, Flex, PageSection, Skeleton, Stack, StackItem, Title } from '@patternfly/react-core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { RequestProblem } from './request-problem.tsx';
import { useDocumentTitle } from './use-document-title.ts';

export interface AppPageProps {
  title: string;
  /** The list that the page belongs to. */
  parent?: { path: string; title: string };
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its title and what can be done on it. */
export function AppPage({ title, parent, actions, children }: AppPageProps) {
  useDocumentTitle(title);
  return (
    <PageSection>
      <Stack hasGutter>
        {parent && (
          <Breadcrumb>
            <BreadcrumbItem
              render={({ className }) => (
                <Link to={parent.path} className={className}>
                  {parent.title}
                </Link>
              )}
            />
            <BreadcrumbItem isActive>{title}</BreadcrumbItem>
          </Breadcrumb>
        )}
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }} rowGap={{ default: 'rowGapSm' }}>
          <Title headingLevel="h1" className="godwit-break">
            {title}
          </Title>
          {actions && <Flex rowGap={{ default: 'rowGapSm' }}>{actions}</Flex>}
        </Flex>
        {children}
      </Stack>
    </PageSection>
  );
}

/** What was read, grey bars of about its size until then, and what went wrong. */
export function Loaded<T>({
  what,
  query,
  children,
}: {
  what: string;
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const { data, error, isPending, refetch } = query;
  return (
    <>
      {error && (
        <RequestProblem
          doing={data === undefined ? `Cannot read ${what}` : 'Shown as last read'}
          error={error}
          onRetry={() => refetch()}
        />
      )}
      {isPending && (
        <Stack hasGutter aria-busy="true">
          {[1, 2, 3, 4].map((row) => (
            <StackItem key={row}>
              <Skeleton height="2.5rem" screenreaderText={`Reading ${what}`} />
            </StackItem>
          ))}
        </Stack>
      )}
      {data !== undefined && children(data)}
    </>
  );
}
