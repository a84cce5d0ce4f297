import type { EmulatorAnswer } from './aws-emulator.ts';

const XML = { 'content-type': 'text/xml' };
const MANAGED = /^arn:aws[a-z-]*:iam::aws:policy\//;

/** The policies of AWS itself on roles: moto takes seconds to read them all, each time that it is reset. */
export class ManagedPolicies {
  /** `role policy`. */
  private readonly attached = new Set<string>();

  clear(): void {
    this.attached.clear();
  }

  /** @returns undefined where moto is to answer */
  answer(asked: URLSearchParams): EmulatorAnswer | undefined {
    const [action, role, policy] = ['Action', 'RoleName', 'PolicyArn'].map((name) => asked.get(name) ?? '');
    const key = `${role} ${policy}`;
    if (action === 'DeleteRole' && [...this.attached].some((one) => one.startsWith(`${role} `)))
      return failure(409, 'DeleteConflict', 'Cannot delete entity, must detach all policies first.');
    if (!MANAGED.test(policy!) || !(action === 'AttachRolePolicy' || action === 'DetachRolePolicy')) return undefined;
    if (action === 'AttachRolePolicy') this.attached.add(key);
    else if (!this.attached.delete(key)) return failure(404, 'NoSuchEntity', `Policy ${policy} was not found.`);
    return { status: 200, headers: XML, body: `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"/>` };
  }
}

function failure(status: number, code: string, message: string): EmulatorAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: XML, body: `<ErrorResponse>${error}</ErrorResponse>` };
}
