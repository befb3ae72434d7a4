/** What all pages share. */
import type { AppProps } from 'next/app';
import Router from 'next/router';
import { useEffect } from 'react';
import { ErrorBoundary } from '../components/ErrorBoundary';
// Imported here for its style sheet: the document cannot have one.
import '../components/fonts';
import '../components/globals.css';

export default function App({ Component, pageProps }: AppProps<Record<string, unknown>>) {
  // Back and forward change the page's own state (`lib/client/location`). Next would load the page again.
  useEffect(() => Router.beforePopState(() => false), []);
  return (
    <ErrorBoundary>
      <Component {...pageProps} />
    </ErrorBoundary>
  );
}
