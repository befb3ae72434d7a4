import { defineConfig } from '@playwright/test';

// The system's browser if there is one, otherwise Playwright's.
const executablePath = process.env['IFSCOPE_CHROMIUM'];

export default defineConfig({
  testDir: 'browser',
  outputDir: '../test-results',
  fullyParallel: false,
  // Most of a test's time is spent waiting for the cluster and for the browser's frames.
  workers: 2,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1600, height: 1000 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
