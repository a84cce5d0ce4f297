import { type CreatedDestination } from '@godwit/contracts/destination';
import { Alert, List, ListItem } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { suggestionQuery } from '../api/cloud-accounts.ts';
import { Problem } from '../app/problem.tsx';
import { type DefinitionForm, filledIn } from './definition-form.ts';
import { fillLike } from './new-destination.ts';

/** Fills in what is still open of a new cluster as it follows from the source, and says so. */
export function Suggestion({ form, place }: { form: DefinitionForm; place: string }) {
  const { sourceClusterId, destination } = filledIn(form) as { sourceClusterId: string; destination: CreatedDestination };
  const { data, isFetching } = useQuery(suggestionQuery(destination.cloudAccountId, sourceClusterId, place));
  const [filled, setFilled] = useState<typeof data>();
  const isFresh = data?.destination !== undefined && data !== filled;
  useEffect(() => {
    if (!isFresh || !data.destination) return;
    const next = fillLike(destination, data.destination);
    if (next !== destination) form.set(['destination'], next);
    setFilled(data);
  });
  if (isFetching) return <p className="godwit-subtle">Looking at the source cluster for what would be like it …</p>;
  return (
    <>
      {data && data.because.length > 0 && (
        <Alert variant="info" isInline title="What was open below is filled in like the source cluster">
          <List>
            {data.because.map((reason) => (
              <ListItem key={reason}>{reason}.</ListItem>
            ))}
          </List>
        </Alert>
      )}
      {data?.problems.map((finding) => (
        <Problem key={`${finding.reason}-${finding.message}`} finding={finding} />
      ))}
    </>
  );
}
