import type { OfferedLabel } from '@godwit/contracts/cluster-offer';
import { Button } from '@patternfly/react-core';

const SHOWN = 12;

export interface LabelSuggestionsProps {
  labels: readonly OfferedLabel[];
  /** What is filled in, in the seed grammar. */
  text: string;
  onAdd: (text: string) => void;
}

/** Labels that there are on the source now, those that begin as what is typed first, to add by a click. */
export function LabelSuggestions({ labels, text, onAdd }: LabelSuggestionsProps) {
  const terms = text.split(/\s+/).filter(Boolean);
  const typed = /\s$/.test(text) ? '' : (terms.at(-1) ?? '');
  const isPresent = (term: string) => terms.includes(term);
  const asTerm = ({ key, value }: OfferedLabel) => `${key}:${value}`;
  const shown = labels
    .filter(
      (label) =>
        label.value !== '' &&
        !isPresent(asTerm(label)) &&
        (isPresent(typed) || asTerm(label).startsWith(typed) || terms.length > 1),
    )
    .slice(0, SHOWN);
  const now = labels.filter((label) => isPresent(asTerm(label)));
  const isUnfinished = typed !== '' && !labels.some((label) => asTerm(label) === typed);
  return (
    <>
      {now.length > 0 && (
        <p className="godwit-subtle godwit-small" aria-live="polite">
          On the source now: {now.map((label) => `${asTerm(label)} on ${label.objects} objects`).join(', ')}.
        </p>
      )}
      {shown.length > 0 && (
        <section className="godwit-suggestions" aria-label="Labels on the source">
          {shown.map((label) => (
            <Button
              key={asTerm(label)}
              variant="tertiary"
              size="sm"
              onClick={() => onAdd([...(isUnfinished ? terms.slice(0, -1) : terms), asTerm(label)].join(' '))}
            >
              {asTerm(label)} ({label.objects})
            </Button>
          ))}
        </section>
      )}
    </>
  );
}
