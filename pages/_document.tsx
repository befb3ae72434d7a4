/** The document around the page. */
import NextDocument, {
  Head,
  Html,
  Main,
  NextScript,
  type DocumentContext,
  type DocumentInitialProps,
} from 'next/document';
import { mono, sans } from '../components/fonts';
import { ThemeStyle } from '../components/ui/ThemeStyle';
import { readAuth } from '../lib/server/http/auth-settings';
import { cookieValues } from '../lib/server/http/cookies';
import { nonceOf } from '../lib/server/http/security';
import { THEME_CHOICES } from '../lib/view/page-state';

interface Props {
  readonly theme: (typeof THEME_CHOICES)[number];
  readonly nonce: string | undefined;
}

/** Rendered per request: the theme is in a cookie, and inline elements carry the nonce of the request's policy. */
export default class Document extends NextDocument<Props> {
  static override async getInitialProps(context: DocumentContext): Promise<DocumentInitialProps & Props> {
    const headers = context.req?.headers ?? {};
    const policy = headers['content-security-policy'];
    const [chosen] = cookieValues(headers.cookie ?? null, 'ifscope-theme');
    return {
      ...(await NextDocument.getInitialProps(context)),
      theme: THEME_CHOICES.find((name) => name === chosen) ?? 'system',
      nonce: nonceOf(typeof policy === 'string' ? policy : null),
    };
  }

  override render() {
    const { theme, nonce } = this.props;
    // Known only at run time.
    const base = process.env.IFSCOPE_BASE_PATH ?? '';
    return (
      <Html
        lang="en"
        data-theme={theme}
        data-base={base}
        data-sign-in={readAuth(process.env).oidc === null ? undefined : ''}
        className={`${sans.variable} ${mono.variable}`}
      >
        <Head nonce={nonce}>
          <meta name="description" content="Live map of the pod network interfaces in a Kubernetes cluster." />
          <meta name="robots" content="noindex, nofollow" />
          {/* The browser's own controls follow the theme as well. */}
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href={`${base}/favicon.ico`} sizes="48x48" />
          <link rel="icon" href={`${base}/icon.svg`} type="image/svg+xml" sizes="any" />
          <link rel="apple-touch-icon" href={`${base}/apple-touch-icon.png`} sizes="180x180" />
          {/* With credentials: by default a browser fetches a manifest without the token's cookie. */}
          <link rel="manifest" href={`${base}/site.webmanifest`} crossOrigin="use-credentials" />
          <ThemeStyle nonce={nonce} />
        </Head>
        <body>
          <Main />
          <NextScript nonce={nonce} />
        </body>
      </Html>
    );
  }
}
