/** What seals and names the objects of one volume's archive. */
export interface ArchiveIdentity {
  /** Key of the run, 32 bytes. */
  key: Uint8Array;
  volumeId: string;
  /** Key prefix of the volume in the store. */
  prefix: string;
}
