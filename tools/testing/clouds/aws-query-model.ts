import { type Model, readModel, type Shape, textProblems } from './aws-model.ts';

/** What stands in every request. */
const OF_THE_PROTOCOL = new Set(['Action', 'Version']);

/** A service of AWS as its published model describes it, for those that take parameters of a form: `Filter.1.Value.2`. */
export class AwsQueryModel {
  private readonly model: Model;

  private constructor(model: Model) {
    this.model = model;
  }

  /** @param packages directory of Python packages with botocore, which carries the models */
  static read(packages: string, service: string, version: string): AwsQueryModel {
    return new AwsQueryModel(readModel(packages, service, version));
  }

  /** @returns what the model says is wrong with the request */
  check(parameters: URLSearchParams): string[] {
    const action = parameters.get('Action') ?? '';
    const operation = this.model.operations[action];
    if (!operation) return [`the service has no action ${action}`];
    const problems: string[] = [];
    if (parameters.get('Version') !== this.model.metadata.apiVersion)
      problems.push(`${action} is asked of version ${parameters.get('Version')}`);
    const given = [...parameters].filter(([name]) => !OF_THE_PROTOCOL.has(name));
    const shape = this.model.shapes[operation.input?.shape ?? ''];
    for (const [name, member] of Object.entries(shape?.members ?? {})) {
      const key = this.keyOf(name, member);
      const isGiven = given.some(([path]) => path === key || path.startsWith(`${key}.`));
      if (shape?.required?.includes(name) && !isGiven) problems.push(`${action} lacks ${name}`);
    }
    for (const [path, value] of given) {
      const problem = this.problemOf(shape, path.split('.'), value);
      if (problem) problems.push(`${action}.${path} ${problem}`);
    }
    return problems;
  }

  private problemOf(shape: Shape | undefined, path: readonly string[], value: string): string | undefined {
    const [first, ...rest] = path;
    if (shape?.type === 'structure') {
      if (first === undefined) return 'is a structure, not a value';
      const member = Object.entries(shape.members ?? {}).find(([name, candidate]) => this.keyOf(name, candidate) === first);
      return member ? this.problemOf(this.model.shapes[member[1].shape], rest, value) : `has no member ${first}`;
    }
    if (shape?.type === 'list') {
      const item = shape.member!;
      const isFlat = this.isEc2 || shape.flattened === true;
      // An empty list.
      if (first === undefined) return value === '' ? undefined : 'is a list, not a value';
      if (!isFlat && first !== (item.locationName ?? 'member')) return `is a list whose items are not named ${first}`;
      const [index, ...below] = isFlat ? path : rest;
      if (!/^[1-9]\d*$/.test(index ?? '')) return `is a list, and ${index} not a number of it`;
      return this.problemOf(this.model.shapes[item.shape], below, value);
    }
    if (!shape) return 'is not in the model';
    if (first !== undefined) return `has no ${first} below it`;
    if (shape.type === 'string') return textProblems(shape, value)[0];
    if (shape.type === 'boolean') return /^(true|false)$/.test(value) ? undefined : 'is neither true nor false';
    if (shape.type === 'integer' || shape.type === 'long') return /^-?\d+$/.test(value) ? undefined : 'is not a whole number';
    return undefined;
  }

  /** What a member is called in a request. */
  private keyOf(name: string, { queryName, locationName }: { queryName?: string; locationName?: string }): string {
    if (!this.isEc2) return locationName ?? name;
    const location = locationName && locationName[0]!.toUpperCase() + locationName.slice(1);
    return queryName ?? location ?? name;
  }

  private get isEc2(): boolean {
    return this.model.metadata.protocol === 'ec2';
  }
}
