/**
 * Gives the memory of a large buffer back at once instead of whenever garbage is collected: between two collections there is time for
 * hundreds of megabytes. Only for a buffer that nobody reads any more, all views of it included.
 */
export function releaseMemory(buffer: Buffer): void {
  const memory = buffer.buffer;
  // Small buffers share Node's pool with others.
  if (memory instanceof ArrayBuffer && memory.byteLength > Buffer.poolSize) memory.transfer(0);
}
