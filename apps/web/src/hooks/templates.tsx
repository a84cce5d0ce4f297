import type { AppHookTemplate } from '@godwit/contracts/api';
import { AppHook } from '@godwit/contracts/app-hooks';
import { Button, Card, CardBody, CardFooter, CardTitle, Content, Gallery } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useMay } from '../access/caller.ts';
import { hookTemplatesQuery } from '../api/app-hooks.ts';
import { Loaded } from '../app/app-page.tsx';
import { HookForm } from './hook-form.tsx';
import { hookTypeText } from './hook-types.ts';

/** Hooks that come with the product, to be cloned and fitted. */
export function HookTemplates() {
  const templates = useQuery(hookTemplatesQuery);
  const [chosen, choose] = useState<AppHookTemplate>();
  const navigate = useNavigate();
  const mayChange = useMay('operator');
  return (
    <div className="godwit-tab">
      <Loaded what="the templates" query={templates}>
        {(items) => (
          <Gallery hasGutter minWidths={{ default: '100%', md: '20rem' }}>
            {items.map((template) => (
              <Card key={template.id} isCompact component="section" aria-label={template.name}>
                <CardTitle component="h2">{template.name}</CardTitle>
                <CardBody>
                  <Content component="p">{template.description}</Content>
                  <Content component="small">{hookTypeText(template.type)}</Content>
                </CardBody>
                {mayChange && (
                  <CardFooter>
                    <Button variant="link" isInline aria-label={`Clone ${template.name}`} onClick={() => choose(template)}>
                      Clone
                    </Button>
                  </CardFooter>
                )}
              </Card>
            ))}
          </Gallery>
        )}
      </Loaded>
      {chosen && (
        <HookForm
          begin={AppHook.parse(chosen)}
          onClose={() => {
            choose(undefined);
            navigate('/app-hooks');
          }}
        />
      )}
    </div>
  );
}
