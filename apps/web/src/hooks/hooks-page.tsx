import { Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useSearchParams } from 'react-router';
import { AppPage } from '../app/app-page.tsx';
import { MyHooks } from './my-hooks.tsx';
import { HookTemplates } from './templates.tsx';

/** Commands that migrations run in the pods of applications. */
export function HooksPage() {
  const [search, setSearch] = useSearchParams();
  return (
    <AppPage title="App hooks">
      <Tabs
        activeKey={search.get('tab') ?? 'mine'}
        onSelect={(_event, key) => setSearch({ tab: String(key) }, { replace: true })}
        aria-label="Hooks"
        mountOnEnter
        unmountOnExit
      >
        <Tab eventKey="mine" title={<TabTitleText>My hooks</TabTitleText>}>
          <MyHooks />
        </Tab>
        <Tab eventKey="templates" title={<TabTitleText>Templates</TabTitleText>}>
          <HookTemplates />
        </Tab>
      </Tabs>
    </AppPage>
  );
}
