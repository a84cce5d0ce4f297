import { Content } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { migrationsQuery } from '../api/migrations.ts';
import { Loaded } from '../app/app-page.tsx';
import { Panel } from '../run/panel.tsx';
import { goesTo } from './destination-text.ts';
import { MigrationsTable } from './migrations-table.tsx';

/** The saved migrations from and to a cluster. */
export function MigrationsOfCluster({ id }: { id: string }) {
  const migrations = useQuery(migrationsQuery);
  return (
    <Panel title="Migrations">
      <Loaded what="the migrations" query={migrations}>
        {(all) => {
          const own = all.filter(({ definition }) => definition.sourceClusterId === id || goesTo(definition, id));
          if (own.length === 0) return <Content component="p">No saved migration is from or to this cluster.</Content>;
          return <MigrationsTable migrations={own} />;
        }}
      </Loaded>
    </Panel>
  );
}
