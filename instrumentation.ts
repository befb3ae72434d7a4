/**
 * Called once when the server starts. Code that needs Node is in a file of its own, so that it is compiled only for
 * Node.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./instrumentation-node');
    await start();
  }
}
