import type { CloudOptions } from '@godwit/contracts/calls';
import type { CloudClusterType } from '@godwit/contracts/destination';
import type { ReactNode } from 'react';
import { NumberField, TextField } from '../forms/fields.tsx';
import type { Path } from '../forms/paths.ts';
import { RuleList } from '../forms/rule-list.tsx';
import type { DefinitionForm } from './definition-form.ts';
import { newNodePool } from './new-destination.ts';

/** @returns how large nodes of a type are */
export function shapeText({ cpus, memoryGiB, architecture }: NonNullable<CloudOptions['instanceTypes']>[number]): string {
  return `${cpus === 1 ? '1 CPU' : `${cpus} CPUs`}, ${memoryGiB} GiB, ${architecture}`;
}

export interface NodePoolsProps {
  form: DefinitionForm;
  type: CloudClusterType;
  /** What is the provider's own of a pool. */
  children: (path: Path) => ReactNode;
}

/** The nodes of a new cluster, in pools of the same shape. */
export function NodePools({ form, type, children }: NodePoolsProps) {
  return (
    <RuleList
      form={form}
      path={['destination', 'nodePools']}
      label="Node pools"
      {...(type === 'GKE' ? { help: 'In a region the numbers of nodes are those of each of its zones.' } : {})}
      one="Pool"
      addText="Add a pool"
      fresh={newNodePool(type)}
      least={1}
    >
      {(path) => (
        <>
          <TextField form={form} path={[...path, 'name']} label="Name of the pool" isRequired />
          {children(path)}
          <div className="godwit-row">
            <NumberField form={form} path={[...path, 'nodes']} label="Nodes" isRequired />
            <NumberField form={form} path={[...path, 'minNodes']} label="At least" isRequired />
            <NumberField form={form} path={[...path, 'maxNodes']} label="At most" isRequired />
            <NumberField form={form} path={[...path, 'diskGiB']} label="Disk in GiB" isRequired />
          </div>
        </>
      )}
    </RuleList>
  );
}
