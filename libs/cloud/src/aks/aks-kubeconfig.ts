import { parse } from 'yaml';
import { buildCertificateKubeconfig, buildTokenKubeconfig, type ClusterAddress } from '../build-kubeconfig.ts';

interface Entry {
  cluster?: { server?: string; 'certificate-authority-data'?: string };
  user?: { 'client-certificate-data'?: string; 'client-key-data'?: string; token?: string };
}

/** @returns the API server that a kubeconfig of AKS names; undefined if it names none */
export function addressOf(text: string, name: string): ClusterAddress | undefined {
  const { clusters = [] } = parse(text) as { clusters?: Entry[] };
  const { server, 'certificate-authority-data': caData } = clusters[0]?.cluster ?? {};
  return server && caData ? { name, server, caData } : undefined;
}

/** An admin's kubeconfig with nothing in it but what is needed. @returns undefined if it has neither certificate nor token */
export function adminKubeconfig(text: string, address: ClusterAddress): string | undefined {
  const { users = [] } = parse(text) as { users?: Entry[] };
  const { 'client-certificate-data': certificateData, 'client-key-data': keyData, token } = users[0]?.user ?? {};
  if (certificateData && keyData) return buildCertificateKubeconfig(address, { certificateData, keyData });
  return token ? buildTokenKubeconfig(address, token) : undefined;
}
