import { Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useSearchParams } from 'react-router';
import { AppPage } from '../app/app-page.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Retention } from './retention.tsx';
import { Webhooks } from './webhooks.tsx';

export function SettingsPage() {
  const [search, setSearch] = useSearchParams();
  return (
    <AppPage title="Settings">
      <Tabs
        activeKey={search.get('tab') ?? 'api-keys'}
        onSelect={(_event, key) => setSearch({ tab: String(key) }, { replace: true })}
        aria-label="Settings"
        mountOnEnter
        unmountOnExit
      >
        <Tab eventKey="api-keys" title={<TabTitleText>API keys</TabTitleText>}>
          <ApiKeys />
        </Tab>
        <Tab eventKey="webhooks" title={<TabTitleText>Webhooks</TabTitleText>}>
          <Webhooks />
        </Tab>
        <Tab eventKey="retention" title={<TabTitleText>Retention</TabTitleText>}>
          <Retention />
        </Tab>
      </Tabs>
    </AppPage>
  );
}
