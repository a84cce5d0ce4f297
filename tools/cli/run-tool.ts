/** Runs a tool's main function; its result is the exit code. An error is told by its message alone, as it is for people. */
export async function runTool(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    console.error(process.env.GODWIT_DEBUG ? error : `\n${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
