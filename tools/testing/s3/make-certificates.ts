import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../processes/run-command.ts';

/** Paths of a server's certificate and key, and the authority that signed it as PEM. */
export interface Certificates {
  certificate: string;
  key: string;
  caBundle: string;
}

const DAYS = '2';

/**
 * Makes an authority and a certificate that it signed, in a directory.
 * @param names as OpenSSL writes alternative names: `DNS:store.test`, `IP:127.0.0.1`
 */
export async function makeCertificates(directory: string, names: readonly string[]): Promise<Certificates> {
  const path = (file: string) => join(directory, file);
  const newKey = (file: string) => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path(file)];
  const self = ['req', '-x509', '-batch', '-days', DAYS];
  await runCommand('openssl', [...self, ...newKey('ca.key'), '-out', path('ca.pem'), '-subj', '/CN=Godwit test authority']);
  const signedBy = ['-CA', path('ca.pem'), '-CAkey', path('ca.key')];
  const extensions = ['-addext', `subjectAltName=${names.join(',')}`, '-addext', 'basicConstraints=critical,CA:FALSE'];
  const server = [...newKey('server.key'), '-out', path('server.pem'), '-subj', '/CN=Godwit test store'];
  await runCommand('openssl', [...self, ...signedBy, ...extensions, ...server]);
  return { certificate: path('server.pem'), key: path('server.key'), caBundle: readFileSync(path('ca.pem'), 'utf8') };
}
