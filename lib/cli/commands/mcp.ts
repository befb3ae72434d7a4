/** `ifscope mcp`: answers an agent on standard input and output until it closes them. */
import { once } from 'node:events';
import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { CommandContext } from '../common/command';
import { fromOption, timeoutOption, type ReadOptions } from '../common/options';

/** Adds `ifscope mcp`: serves an agent on standard input and output. */
export function addMcp(program: Command, { output }: CommandContext): void {
  program
    .command('mcp')
    .description(
      'serve the Model Context Protocol on standard input and output: lookup, check, explain, capacity, diff',
    )
    .addOption(fromOption())
    .addOption(timeoutOption())
    .action(async (options: ReadOptions) => {
      const [{ collectFrom }, { createMcpServer }, { StdioServerTransport }] = await Promise.all([
        import('../common/collect'),
        import('../../server/mcp/tools'),
        import('@modelcontextprotocol/sdk/server/stdio.js'),
      ]);
      await collectFrom(options, output, async ({ store }) => {
        const server = createMcpServer(store, packageJson.version);
        const closed = once(process.stdin, 'close');
        await server.connect(new StdioServerTransport());
        await closed;
        await server.close();
      });
    });
}
