/** Called once when the server starts. What needs Node stands in a file of its own, so that nothing else compiles it. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./instrumentation-node');
    await start();
  }
}
