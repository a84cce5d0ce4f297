import type { MigrationView } from '@godwit/contracts/api';
import { MigrationDefinition, RestoreTransforms, Selection } from '@godwit/contracts/migration-definition';
import { checkSelectors } from '@godwit/selection/check-selectors';
import {
  Alert,
  AlertActionLink,
  Button,
  Form as FormElement,
  Wizard,
  WizardFooterWrapper,
  WizardStep,
  type WizardStepType,
} from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { appHooksQuery } from '../api/app-hooks.ts';
import { type Draft, readDraft, writeDraft } from '../app/drafts.ts';
import { useForm } from '../forms/use-form.ts';
import { ClusterStep } from './cluster-step.tsx';
import { DestinationStep } from './destination-step.tsx';
import { HooksStep } from './hooks-step.tsx';
import { SelectionsStep } from './selections-step.tsx';
import { errorsOf, STEPS, type StepId, stepsThatApply } from './steps.ts';
import { SummaryStep, type SummaryStepProps } from './summary-step.tsx';
import { TransformsStep } from './transforms-step.tsx';

export interface MigrationWizardProps {
  /** The migration that is edited; undefined: a new one. */
  edited?: Pick<MigrationView, 'id' | 'version'>;
  /** Under which what is not saved yet is kept in this tab. */
  draftKey: string;
  initial: object;
  startAt: StepId;
}

/** Defines a migration step by step; one may go to any step at any time. */
export function MigrationWizard({ edited, draftKey, initial, startAt }: MigrationWizardProps) {
  const [draft] = useState(() => readDraft(draftKey));
  const [read, setRead] = useState<Draft>({ values: initial, ...(edited ? { version: edited.version } : {}) });
  const [version, setVersion] = useState(draft ? draft.version : edited?.version);
  const form = useForm<MigrationDefinition>({
    schema: MigrationDefinition,
    initial: draft?.values ?? initial,
    checkMore: checkDefinition,
  });
  const [isRestored, setRestored] = useState(draft !== undefined);
  /** Raised to have all fields show what is in the form now. */
  const [reading, setReading] = useState(0);
  const [runsNow, setRunsNow] = useState(true);
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const hooks = useQuery(appHooksQuery);
  const usesHooks = JSON.stringify(form.at(['hooks']) ?? {}).includes('hookId');
  const applies = stepsThatApply({ hooks: (hooks.data ?? []).length > 0, usesHooks });
  const { values } = form;

  useEffect(() => {
    if (values !== read.values) writeDraft(draftKey, { values: values as object, ...(version === undefined ? {} : { version }) });
  }, [values, read, version, draftKey]);

  const startOver = (from: Draft) => {
    writeDraft(draftKey, undefined);
    setRead(from);
    setVersion(from.version);
    form.reset(from.values);
    setReading((present) => present + 1);
    setRestored(false);
  };

  // On narrow screens the library names the button of the steps "Wizard toggle", whatever step it shows.
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => around.current?.querySelector('.pf-v6-c-wizard__toggle')?.removeAttribute('aria-label'));

  const leave = (step: StepId) => {
    setVisited((present) => new Set(present).add(step));
    form.show(errorsOf(step, form.errors).map(({ path }) => path));
  };
  return (
    <div ref={around}>
      {isRestored && (
        <Alert
          variant="info"
          isInline
          title="This is what you had filled in before and not saved"
          actionLinks={<AlertActionLink onClick={() => startOver(read)}>Start over</AlertActionLink>}
        />
      )}
      <Wizard
        navAriaLabel="Steps of the definition"
        className="godwit-wizard"
        startIndex={STEPS.findIndex((step) => step.id === startAt) + 1}
        onStepChange={(_event, _step, previous) => leave(previous.id as StepId)}
        footer={(step, next, back) => (
          <Footer
            step={step}
            isFirst={step.index === 1}
            onNext={(event) => {
              leave(step.id as StepId);
              if (errorsOf(step.id as StepId, form.errors).length === 0) return next(event);
            }}
            onBack={back}
          />
        )}
      >
        {STEPS.map(({ id: step, title }) => (
          <WizardStep
            key={step}
            id={step}
            name={title}
            isHidden={!applies.includes(step)}
            status={visited.has(step) && errorsOf(step, form.errors).length > 0 ? 'error' : 'default'}
            {...(step === 'summary' ? { footer: <span /> } : {})}
          >
            <FormElement key={reading} noValidate onSubmit={(event) => event.preventDefault()}>
              <Step
                step={step}
                form={form}
                edited={edited && { id: edited.id, version }}
                runsNow={runsNow}
                onRunsNow={setRunsNow}
                onSaved={(saved) => {
                  writeDraft(draftKey, undefined);
                  setRead({ values: values as object, version: saved.version });
                  setVersion(saved.version);
                }}
                onReload={({ definition, version: now }) => startOver({ values: definition, version: now })}
              />
            </FormElement>
          </WizardStep>
        ))}
      </Wizard>
    </div>
  );
}

function Step({ step, ...props }: { step: StepId } & SummaryStepProps) {
  if (step === 'cluster') return <ClusterStep form={props.form} />;
  if (step === 'selections') return <SelectionsStep form={props.form} />;
  if (step === 'destination') return <DestinationStep form={props.form} />;
  if (step === 'transforms') return <TransformsStep form={props.form} />;
  if (step === 'hooks') return <HooksStep form={props.form} />;
  return <SummaryStep {...props} />;
}

interface FooterProps {
  step: WizardStepType;
  isFirst: boolean;
  onNext: (event: React.MouseEvent<HTMLButtonElement>) => void | Promise<void>;
  onBack: (event: React.MouseEvent<HTMLButtonElement>) => void | Promise<void>;
}

function Footer({ isFirst, onNext, onBack }: FooterProps) {
  return (
    <WizardFooterWrapper>
      <Button variant="secondary" onClick={onBack} isDisabled={isFirst}>
        Back
      </Button>
      <Button onClick={onNext}>Next</Button>
    </WizardFooterWrapper>
  );
}

/** What the schema takes as any text, in the parts that it can read. */
function checkDefinition(values: unknown) {
  const { selection, transforms } = values as MigrationDefinition;
  const namespaces = { scope: 'FullCluster', namespaces: [], excludeNamespaces: [] };
  return checkSelectors({
    selection: Selection.safeParse({ ...selection, ...namespaces }).data ?? Selection.parse({}),
    transforms: RestoreTransforms.safeParse(transforms).data ?? RestoreTransforms.parse({}),
  });
}
