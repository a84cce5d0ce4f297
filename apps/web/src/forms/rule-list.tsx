import {
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
} from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { type FieldProps, idOf } from './fields.tsx';
import type { Path } from './paths.ts';

export interface RuleListProps extends FieldProps {
  /** What one of them is called, with its number behind: `Rule` */
  one: string;
  /** On the button that adds one. */
  addText: string;
  /** What an added one begins with. */
  fresh: object;
  /** How many there are at least. */
  least?: number;
  children: (path: Path) => ReactNode;
}

/** A list of things that have fields of their own, each in a frame with a number; in the order that counts. */
export function RuleList({ form, path, label, help, one, addText, fresh, least = 0, children }: RuleListProps) {
  const items = (form.at(path) as readonly unknown[] | undefined) ?? [];
  const error = form.errorOf(path);
  // What is typed in one of them stays with it when another goes.
  const [keys, setKeys] = useState<readonly number[]>(() => items.map((_, index) => index));
  const [added, setAdded] = useState(items.length);
  const change = (next: unknown[], nextKeys: number[]) => {
    form.set(path, next);
    setKeys(nextKeys);
  };
  const present = items.map((_, index) => keys[index] ?? -1 - index);
  return (
    <FormGroup label={label} role="group" fieldId={idOf(path)}>
      {(help || error) && (
        <FormHelperText>
          <HelperText isLiveRegion>
            {error && <HelperTextItem variant="error">{error}</HelperTextItem>}
            {help && <HelperTextItem>{help}</HelperTextItem>}
          </HelperText>
        </FormHelperText>
      )}
      {items.map((_, index) => (
        <Card key={present[index]} isCompact className="godwit-rule" role="group" aria-label={`${one} ${index + 1}`}>
          <CardHeader
            actions={{
              actions: items.length > least && (
                <Button
                  variant="link"
                  isInline
                  aria-label={`Remove ${one} ${index + 1}`}
                  onClick={() => change(items.toSpliced(index, 1), present.toSpliced(index, 1))}
                >
                  Remove
                </Button>
              ),
            }}
          >
            <CardTitle>{`${one} ${index + 1}`}</CardTitle>
          </CardHeader>
          <CardBody>
            <div className="godwit-fields">{children([...path, index])}</div>
          </CardBody>
        </Card>
      ))}
      <Button
        id={idOf(path)}
        variant="secondary"
        size="sm"
        onClick={() => {
          change([...items, fresh], [...present, added]);
          setAdded(added + 1);
        }}
      >
        {addText}
      </Button>
    </FormGroup>
  );
}
