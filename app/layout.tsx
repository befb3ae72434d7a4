import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ThemeStyle } from '../components/ui/ThemeStyle';
import { readAuth } from '../lib/server/http/auth-settings';
import { nonceOf } from '../lib/server/http/security';
import { THEME_CHOICES } from '../lib/view/page-state';
import { mono, sans } from './fonts';
import './globals.css';

const base = (): string => process.env.IFSCOPE_BASE_PATH ?? '';

/** Title, icons and robots. A function, because the base path is known only at run time. */
export const generateMetadata = (): Metadata => ({
  title: 'ifscope',
  description: 'Live map of the pod network interfaces in a Kubernetes cluster.',
  icons: {
    icon: [
      { url: `${base()}/favicon.ico`, sizes: '48x48' },
      { url: `${base()}/icon.svg`, type: 'image/svg+xml', sizes: 'any' },
    ],
    apple: { url: `${base()}/apple-touch-icon.png`, sizes: '180x180' },
  },
  robots: { index: false, follow: false },
});

/** The browser's own controls follow the theme as well. */
export const viewport: Viewport = { colorScheme: 'light dark' };

/** Rendered per request: the theme is in a cookie, and inline elements carry the nonce of the request's policy. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const chosen = (await cookies()).get('ifscope-theme')?.value;
  const theme = THEME_CHOICES.find((name) => name === chosen) ?? 'system';
  return (
    <html
      lang="en"
      data-theme={theme}
      data-base={base()}
      data-sign-in={readAuth(process.env).oidc === null ? undefined : ''}
      className={`${sans.variable} ${mono.variable}`}
      suppressHydrationWarning
    >
      <head>
        {/* With credentials: by default a browser fetches a manifest without the token's cookie. */}
        <link rel="manifest" href={`${base()}/site.webmanifest`} crossOrigin="use-credentials" />
        <ThemeStyle nonce={nonceOf((await headers()).get('content-security-policy'))} />
      </head>
      <body>{children}</body>
    </html>
  );
}
