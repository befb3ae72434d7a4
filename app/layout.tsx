import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ThemeStyle } from '../components/ui/ThemeStyle';
import { THEMES } from '../lib/view/page-state';
import { mono, sans } from './fonts';
import './globals.css';

export const metadata: Metadata = {
  title: 'ifscope',
  description: 'The live map of every pod network interface in a Kubernetes cluster.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

/** Rendered for each request: the theme stands in a cookie, and inline scripts carry the nonce of the request's policy. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const chosen = (await cookies()).get('ifscope-theme')?.value;
  const theme = THEMES.find((name) => name === chosen) ?? 'system';
  return (
    <html lang="en" data-theme={theme} className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        <ThemeStyle />
      </head>
      <body>{children}</body>
    </html>
  );
}
